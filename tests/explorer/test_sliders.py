import base64

import pytest

from coursekit.explorer.sliders import valley_figure, valley_sliders


@pytest.fixture
def sliders():
    made = valley_sliders()
    yield made
    made.close_all()


def test_the_sliders_start_with_the_figure_that_stands_above_them(sliders):
    assert bytes(sliders.picture.value) == valley_figure().png()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [("start", -0.5, "settles at −1.02"), ("rate", 0.3, "runs away")],
)
def test_moving_a_slider_draws_anew(sliders, name, value, says):
    before = bytes(sliders.picture.value)
    sliders.sliders[name].value = value
    assert bytes(sliders.picture.value) != before
    drawn = valley_figure(**{key: s.value for key, s in sliders.sliders.items()})
    assert bytes(sliders.picture.value) == drawn.png()
    assert says in drawn.description


def test_a_notebook_keeps_one_sentence_and_no_picture(sliders):
    bundle = sliders._repr_mimebundle_()
    assert bundle["text/plain"] == (
        "Sliders: learning rate and start of the figure above; they need a running kernel."
    )
    assert not any(kind.startswith("image/") for kind in bundle)
    assert base64.b64encode(bytes(sliders.picture.value)).decode()[:40] not in str(bundle)


def test_every_place_of_every_slider_can_be_drawn(sliders):
    ends = {name: (s.min, s.max) for name, s in sliders.sliders.items()}
    for rate in ends["rate"]:
        for start in ends["start"]:
            assert valley_figure(rate, start).description
