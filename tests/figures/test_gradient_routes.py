"""Where the figures of lesson 4 send the gradient of a pool."""

import pytest
import torch

from coursekit import figures
from coursekit.exercises.judging.own import Own

MAP = torch.tensor([[9.0, 1, 2, 3], [4, 0, 8, 5], [7, 2, 1, 0], [3, 6, 4, 5]])
GRADIENT = torch.tensor([[1.0, 2], [-3, 4]])
WINNERS = [(0, 0), (1, 2), (2, 0), (3, 3)]


def test_an_arrow_ends_at_its_winner_and_crosses_no_number():
    figure = figures.gradient_routes(MAP, GRADIENT, 2)
    arrows = [artist for artist in figure.artists if hasattr(artist, "xy2")]
    for arrow, (row, column) in zip(arrows, WINNERS, strict=True):
        x, y = arrow.xy2
        assert (round(x), round(y)) == (column, row)
        assert abs(y - row) > 0.3


@pytest.mark.parametrize(
    ("frame", "arrived"), [(0, []), (3, []), (4, [1]), (12, [1, 2]), (19, [1, 2, -3, 4])]
)
def test_a_gradient_arrives_after_its_way(frame, arrived):
    figure = figures.gradient_animation(MAP, GRADIENT, 2).filmstrip([frame])
    numbers = [text.get_text().replace("−", "-") for text in figure.axes[0].texts]
    at = numbers.index("dL/dX") + 1
    assert sorted(float(n) for n in numbers[at : at + 16] if n != "0") == sorted(arrived)


def test_both_are_drawn_with_the_function_that_they_name():
    mine = Own(
        "max_pool_backward",
        answer=None,
        mine=lambda x, grad_out, window: 0 * x + 5,
        course=lambda x, grad_out, window: x,
    )
    still = figures.gradient_routes(MAP, GRADIENT, 2, by=mine)
    moving = figures.gradient_animation(MAP, GRADIENT, 2, by=mine)
    assert "5 5 5 5" in still.description
    for said in (still.description, moving.description):
        assert said.endswith("Made by your max_pool_backward.")
    assert "made by" not in figures.gradient_routes(MAP, GRADIENT, 2).description.lower()
    pools = figures.shifted_detector(
        by=Own("max_pool2d", answer=None, mine=lambda x, *_: x[:2, :3], course=lambda x, *_: x)
    )
    assert pools.description.endswith("Made by your max_pool2d.")


def test_a_gradient_of_another_shape_is_named():
    with pytest.raises(ValueError, match=r"^grad_out has shape \(1, 2\); expected \(2, 2\)"):
        figures.gradient_animation(MAP, GRADIENT[:1], 2)
