"""The marks that figures share, and that no figure has its own beside them."""

from pathlib import Path

import pytest
import torch
from matplotlib.colors import to_hex

from coursekit.figures import marks
from coursekit.figures.canvas import panels, pixels

OKABE_ITO = {marks.BLUE, marks.VERMILION, marks.GREEN, marks.ORANGE, marks.PURPLE, marks.SKY}
BLACK_PIXELS = torch.zeros(6, 5)


@pytest.fixture
def ax():
    _, (ax,) = panels([BLACK_PIXELS.shape], pixel=0.4)
    pixels(ax, BLACK_PIXELS, limits=(0, 1))
    return ax


def place(patch):
    column, row = patch.get_xy()
    return row + 0.5, column + 0.5


def test_padding_is_hatched_on_all_sides_and_nothing_else(ax):
    marks.hatch_padding(ax, (2, 3), (2, 1))
    inside = {(row, column) for row in (2, 3) for column in (1, 2, 3)}
    every = {(row, column) for row in range(6) for column in range(5)}
    assert {place(patch) for patch in ax.patches} == every - inside
    assert {patch.get_hatch() for patch in ax.patches} == {marks.PADDING["hatch"]}


def test_numbers_are_dark_on_padding_and_stay_white_on_black(ax):
    marks.hatch_padding(ax, (2, 3), (2, 1))
    colours = {number.get_position()[::-1]: to_hex(number.get_color()) for number in ax.texts}
    assert colours[0, 0] == colours[5, 4] == colours[2, 4] == marks.INK
    assert colours[2, 1] == colours[3, 3] == "#ffffff"


def test_no_padding_leaves_the_panel_as_it_is(ax):
    marks.hatch_padding(ax, (6, 5), 0)
    assert list(ax.patches) == []


def test_cells_are_hatched_where_the_mask_says_so(ax):
    mask = torch.zeros(6, 5, dtype=torch.bool)
    mask[4, 1] = mask[0, 3] = True
    marks.hatch(ax, mask)
    assert {place(patch) for patch in ax.patches} == {(4, 1), (0, 3)}


def test_a_frame_surrounds_its_window_or_stays_inside_it(ax):
    marks.outline(ax, 1, 2, (3, 2))
    marks.outline(ax, 1, 2, (3, 2), inset=0.1, dash="--")
    around, within = ([round(side, 6) for side in patch.get_bbox().bounds] for patch in ax.patches)
    assert around == [1.5, 0.5, 2, 3]  # left, top, width, height
    assert within == [1.6, 0.6, 1.8, 2.8]


@pytest.mark.parametrize("styles", [marks.CURVES, marks.SERIES])
def test_curves_differ_by_more_than_colour(styles):
    colours, *others = zip(*styles, strict=True)
    assert len(set(colours)) == len(set(zip(*others, strict=True))) == len(styles)


def test_the_palette_is_written_down_once():
    package = Path(marks.__file__).parents[1]
    for room in ("figures", "explorer"):
        for source in (package / room).rglob("*.py"):
            text = source.read_text(encoding="utf-8").upper()
            found = [colour for colour in OKABE_ITO if colour.upper() in text]
            assert not found or source.name == "marks.py", f"{source.name}: {found}"
