"""The explorer as a page from disk, by mouse and by keyboard."""

import pytest
import torch

from coursekit import kernels
from coursekit.examples.three_channels import two_filters
from coursekit.explorer import CONTROLS, Explorer

IMAGE = torch.arange(36).reshape(6, 6)
MAP = torch.tensor([[9.0, 1, 2, 3], [4, 0, 8, 5], [7, 2, 1, 0], [3, 6, 4, 5]])
OUTPUT, INPUT = "[data-grid=output]", "[data-grid=input]"


def volume():
    x, weight, bias = two_filters()
    return Explorer(x, weight, bias=bias, stride=2, padding=1)


@pytest.fixture
def opened(page, tmp_path):
    """Return a function that writes an explorer to disk and opens the page."""

    def write(explorer):
        page.goto(explorer.to_html(tmp_path / "explorer.html").as_uri())
        page.wait_for_selector(".ck canvas")
        return page

    return write


def sentence(page):
    return page.inner_text(".ck-sum")


def test_a_page_from_disk_needs_nothing_else(opened):
    page = opened(Explorer(IMAGE, torch.ones(3, 3)))
    assert sentence(page).endswith("= 63")
    page.hover(f"{OUTPUT} canvas", position={"x": 60, "y": 20})
    assert sentence(page).startswith("row 0, column 1:")


def test_the_keyboard_goes_everywhere(opened):
    page = opened(Explorer(IMAGE, torch.ones(3, 3)))
    page.focus(OUTPUT)
    for key, place in {
        "ArrowRight": "row 0, column 1", "ArrowDown": "row 1, column 1", "End": "row 1, column 3",
        "ArrowRight ": "row 1, column 3", "Home": "row 1, column 0", "ArrowUp": "row 0, column 0",
    }.items():  # fmt: skip
        page.keyboard.press(key.strip())
        assert sentence(page).startswith(place), key
    page.wait_for_function(
        "() => document.querySelector('[role=status]').textContent.endsWith('= 63')"
    )


def test_each_grid_is_one_tab_stop(opened):
    page = opened(Explorer(IMAGE, torch.ones(3, 3), hide=("mode", "preset", "play", "reset")))
    page.focus("[data-name=predict]")
    stops = []
    for _ in range(4):
        page.keyboard.press("Tab")
        stops.append(
            page.evaluate(
                "() => document.activeElement.closest('[data-grid], .ck-lens, details').className || 'keys'"
            )
        )
    assert stops == ["ck-grid", "ck-lens", "ck-grid", "ck-small"]
    page.focus(".ck-weight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("() => document.activeElement.ariaLabel") == "weight row 1, column 1"


def test_pages_go_through_the_maps_of_several_filters(opened):
    page = opened(volume())
    assert "channel 0: (−1) + channel 1: 1 + channel 2: 1 + bias 1 = 2" in sentence(page)
    page.focus(OUTPUT)
    page.keyboard.press("PageDown")
    assert sentence(page).endswith("= −8")
    assert "kernel 1, 0" in page.inner_text(".ck-lens figcaption >> nth=0")


def test_play_steps_on_and_reduced_motion_takes_one_step(opened):
    page = opened(Explorer(IMAGE, torch.ones(3, 3)))
    page.focus(OUTPUT)
    page.keyboard.press("Space")
    page.wait_for_function(
        "() => /row 0, column [23]/.test(document.querySelector('.ck-sum').textContent)"
    )
    page.keyboard.press("Space")
    assert page.inner_text("[data-name=start]") == "▶"
    page.emulate_media(reduced_motion="reduce")
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    assert sentence(page).startswith("row 0, column 1:")
    assert page.inner_text("[data-name=start]") == "▶", "nothing moves by itself"
    page.locator("[type=range]").fill("15")
    assert sentence(page).startswith("row 3, column 3:")
    page.click("[data-name=on]")
    assert sentence(page).startswith("row 0, column 0:"), "after the last comes the first"


def test_a_prediction_uncovers_its_cell_alone(opened):
    page = opened(Explorer(IMAGE, torch.ones(3, 3), predict=True))
    assert sentence(page) == "row 0, column 0: what comes out?"
    page.focus(OUTPUT)
    page.keyboard.type("60")
    page.keyboard.press("Enter")
    assert sentence(page).startswith("60 is not it.")
    assert page.inner_text(".ck-table b >> nth=1") == "= 1", "its parts are uncovered"
    page.fill("form input", "63")
    page.keyboard.press("Enter")
    assert sentence(page).startswith("Right. row 0, column 0: 0 + 1 +")
    page.keyboard.press("ArrowRight")
    assert sentence(page) == "row 0, column 1: what comes out?"
    assert page.inner_text(".ck-table b >> nth=1") == "= ?"


def test_a_drawing_changes_the_map_by_pointer_and_by_key(opened):
    page = opened(Explorer(torch.zeros(28, 28), torch.ones(3, 3), padding=1))
    page.click("[data-name=draw]")
    box = page.locator(f"{INPUT} canvas").bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=30)
    page.mouse.up()
    page.click("[data-name=draw]")
    page.hover(f"{OUTPUT} canvas", position={"x": 80, "y": 55})
    assert sentence(page).endswith("= 3"), "three pixels of the stroke in the window"
    page.click("[data-name=reset]")
    page.click("[data-name=draw]")
    page.focus(INPUT)
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    assert sentence(page).endswith("= 1")


def test_what_is_no_number_is_refused_and_forgotten(opened):
    page = opened(Explorer(IMAGE, torch.ones(3, 3)))
    page.fill(".ck-weight >> nth=0", "one")
    assert sentence(page).startswith("Type a number")
    assert page.get_attribute(".ck-weight >> nth=0", "aria-invalid") == "true"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.input_value(".ck-weight >> nth=0") == "1"


def test_settings_that_do_not_fit_are_refused_with_the_reason(opened):
    page = opened(Explorer(IMAGE, torch.ones(3, 3)))
    page.fill("[data-pair=dilation] >> nth=0", "4")
    page.keyboard.press("Enter")
    assert sentence(page) == "The window covers 9 pixels, the padded input has 6."
    assert page.input_value("[data-pair=dilation] >> nth=0") == "1"


def test_the_size_formula_and_what_the_floor_drops_are_told(opened):
    page = opened(Explorer(torch.ones(8, 7), torch.ones(3, 3), stride=3, padding=(1, 0)))
    assert page.inner_text("[data-name=size]") == (
        "rows: ⌊(8 + 2·1 − 1·(3 − 1) − 1) / 3⌋ + 1 = ⌊7/3⌋ + 1 = 3\n"
        "columns: ⌊(7 + 2·0 − 1·(3 − 1) − 1) / 3⌋ + 1 = ⌊4/3⌋ + 1 = 2"
    )
    assert "behind the last window, rows: 1, columns: 1" in page.inner_text(".ck-key")


def test_the_winner_is_framed_and_the_gradient_has_a_way(opened):
    page = opened(Explorer(MAP, 2, mode="max", cursor=(0, 1)))
    assert sentence(page) == (
        "row 0, column 1: the largest is 8, at row 1, column 2 of the input, where all of the gradient goes"
    )
    assert page.inner_text(".ck-winner b") == "8"
    assert page.get_attribute(".ck path", "d").count("M") == 1
    page.select_option("[data-name=mode]", "average")
    assert sentence(page).endswith("(2 + 3 + 8 + 5) / 4 = 4.5; each pixel gets 1/4 of the gradient")
    assert page.get_attribute(".ck path", "d").count("M") == 4
    page.select_option("[data-name=mode]", "conv")
    assert page.get_attribute(".ck path", "d") == ""


@pytest.mark.parametrize(
    "explorer",
    [volume, lambda: Explorer(torch.zeros(28, 28), torch.ones(5, 5), padding=2),
     lambda: Explorer(IMAGE.repeat(2, 2), kernels.kernel("sobel x")),
     lambda: Explorer(torch.rand(4, 64, 64), torch.ones(7, 7))],
    ids=["volume", "pad", "numbers", "largest"],
)  # fmt: skip
def test_nothing_goes_off_to_the_side(opened, explorer):
    page = opened(explorer())
    page.set_viewport_size({"width": 720, "height": 900})
    page.wait_for_function("() => document.documentElement.scrollWidth <= innerWidth")
    numbers = page.evaluate(
        "() => Math.min(...[...document.querySelectorAll('canvas')].map((c) => c.clientWidth))"
    )
    assert numbers > 10


def test_the_focus_can_be_seen(opened):
    page = opened(Explorer(IMAGE, torch.ones(3, 3)))
    page.focus("[data-name=predict]")
    page.keyboard.press("Tab")
    assert (
        page.evaluate("() => parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        >= 2
    )


def test_each_control_can_be_hidden(opened):
    page = opened(Explorer(IMAGE, torch.ones(3, 3)))
    assert [name for name in CONTROLS if not page.is_visible(f"[data-name={name}]")] == []
    page = opened(Explorer(IMAGE, torch.ones(3, 3), hide=CONTROLS))
    assert [name for name in CONTROLS if page.is_visible(f"[data-name={name}]")] == []


def test_the_preset_keeps_its_name_until_a_weight_is_changed(opened):
    page = opened(Explorer(IMAGE, torch.ones(3, 3)))
    chosen = page.locator("[data-name=preset]")
    assert chosen.input_value() == ""
    chosen.select_option("sharpen")
    assert chosen.input_value() == "sharpen"
    page.fill(".ck-weight >> nth=4", "7")
    page.keyboard.press("Enter")
    assert chosen.input_value() == ""
    page.click("[data-name=reset]")
    assert chosen.input_value() == ""


def test_numbers_of_the_lens_stay_in_their_boxes(opened):
    torch.manual_seed(0)
    photograph = torch.rand(32, 32) * torch.rand(32, 32)
    page = opened(Explorer(photograph, kernels.kernel("sharpen")))
    over = "() => [...document.querySelectorAll('.ck-table span')].filter((s) => [s.firstChild, s.lastChild].some((part) => { const r = document.createRange(); r.selectNodeContents(part); return r.getBoundingClientRect().width > s.clientWidth; })).map((s) => s.textContent)"
    names = [name for name in kernels.KERNELS if kernels.kernel(name).shape == (3, 3)]
    for name in names:
        page.select_option("[data-name=preset]", name)
        for key in ("ArrowDown", "ArrowRight", "End", "Home"):
            page.focus(OUTPUT)
            page.keyboard.press(key)
            assert page.evaluate(over) == [], name


# How many columns of the canvas's middle row have exactly the colour of lines.
LINES = """() => {
    const canvas = document.querySelector("[data-grid=input] canvas"), pen = canvas.getContext("2d");
    const {data} = pen.getImageData(0, Math.floor(canvas.height / 2) + 3, canvas.width, 1);
    let changes = 0;
    for (let x = 8; x < canvas.width - 8; x++) changes += data[4 * x] !== data[4 * x - 4];
    return changes;
}"""


def test_lines_are_drawn_between_few_pixels_and_not_over_a_picture(opened):
    even = Explorer(torch.full((6, 6), 0.5), torch.ones(3, 3), cursor=(3, 3))
    assert opened(even).evaluate(LINES) >= 2 * 3
    picture = Explorer(torch.full((32, 32), 0.5), torch.ones(3, 3), cursor=(29, 29))
    assert opened(picture).evaluate(LINES) == 0


def test_a_map_is_gray_unless_zero_is_its_middle(opened):
    coloured = """() => {
        const canvas = document.querySelector("[data-grid=output] canvas");
        const {data} = canvas.getContext("2d").getImageData(4, 4, canvas.width / 2, canvas.height / 2);
        for (let at = 0; at < data.length; at += 4) if (abs3(data[at], data[at + 2]) > 8) return true;
        return false;
        function abs3(a, b) { return Math.abs(a - b); }
    }"""
    torch.manual_seed(1)
    photograph = torch.rand(20, 20)
    page = opened(Explorer(photograph, kernels.kernel("sharpen"), cursor=(17, 17)))
    assert not page.evaluate(coloured), "what sharpening makes is a picture again"
    page.select_option("[data-name=preset]", "sobel x")
    assert page.evaluate(coloured)
