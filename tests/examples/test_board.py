"""The board of drawings, and the detectors that the lessons build."""

import json
import re

import pytest
import torch

from coursekit import figures, transfer
from coursekit.examples import board, detectors, strokes
from coursekit.exercises import catalogue
from coursekit.machine.paths import course_folder, lesson_files

BOARD = board.board()
F = {exercise.name: exercise.goes_on for exercise in catalogue() if hasattr(exercise, "reference")}
DETECTORS = {
    1: lambda: detectors.perceptron(F["perceptron_update"]),
    2: lambda: detectors.three_filters(F["corr2d"]),
    3: lambda: detectors.padded_and_strided(F["zero_pad"], F["strided_corr2d"]),
    4: lambda: detectors.pooled(F["corr2d"], F["max_pool2d"]),
    5: lambda: detectors.two_layers(F["corr2d"], F["max_pool2d"], F["corr2d_multi_in_out"]),
}
FAILS = {
    1: {"deformed", "shifted", "rotated"},
    2: {"thick", "parts"},
    3: {"deformed", "shifted", "rotated", "thick"},
    4: {"thick", "parts"},
    5: {"thick"},
}


def test_the_pictures_are_what_their_names_say():
    assert [board.is_x(name) for name in BOARD] == [True] * 7 + [False] * 5
    for picture in BOARD.values():
        assert picture.shape == (board.SIZE, board.SIZE)
        assert set(picture.unique().tolist()) == {-1.0, 1.0}
    ink = {name: int((picture > 0).sum()) for name, picture in BOARD.items()}
    assert ink["X"] == ink["shifted"] == 13
    assert ink["shrunk"] == 9
    assert ink["X"] < ink["thick"] <= 2 * ink["X"]
    assert int((BOARD["noisy"] != BOARD["X"]).sum()) == board.NOISE
    assert len({tuple(picture.flatten().tolist()) for picture in BOARD.values()}) == 12


def test_noisy_copies_are_seeded_and_leave_the_picture_alone():
    before = BOARD["X"].clone()
    first, second = (board.copies(BOARD["X"], 5, noise=6) for _ in range(2))
    assert torch.equal(first, second)
    assert torch.equal(BOARD["X"], before)
    assert ((first != before).sum(dim=(1, 2)) == 6).all()
    assert len({tuple(copy.flatten().tolist()) for copy in first}) == 5


@pytest.mark.parametrize("lesson", DETECTORS)
def test_what_each_detector_survives_is_what_was_measured(lesson):
    survived = board.survives(DETECTORS[lesson]())
    assert {name for name, right in survived.items() if not right} == FAILS[lesson]


@pytest.mark.ci
@pytest.mark.parametrize(
    ("name", "fails"),
    [("photographs", {"X", "deformed", "shifted", "shrunk", "rotated"}), ("drawings", set())],
)
def test_what_a_probe_on_borrowed_features_survives_is_what_was_measured(name, fails):
    backbone = transfer.load_backbone(name)
    survived = board.survives(detectors.pretrained(backbone.features, transfer.linear_probe))
    assert {name for name, right in survived.items() if not right} == fails


def test_the_finished_one_is_what_its_record_says():
    record = json.loads((course_folder("data") / "board" / "record.json").read_text("utf-8"))
    wrong = [name for name, right in board.survives(detectors.finished()).items() if not right]
    assert wrong == record["wrong on the board"] == []
    pictures, labels = strokes.drawings(600, seed=5)
    sees = detectors.finished()
    right = [sees(x[0]) == bool(y) for x, y in zip(pictures, labels, strict=True)]
    assert sum(right) / len(right) == pytest.approx(
        record["accuracy on drawings held out"], abs=0.02
    )


def test_drawings_are_seeded_half_of_them_an_x_and_none_is_on_the_board():
    pictures, labels = strokes.drawings(400, seed=1)
    assert pictures.shape == (400, 1, 13, 13)
    assert pictures.dtype == torch.float32
    assert set(pictures.unique().tolist()) == {-1.0, 1.0}
    assert labels.tolist() == [0, 1] * 200
    again, _ = strokes.drawings(10, seed=1)
    assert torch.equal(again, pictures[:10])
    assert not torch.equal(strokes.drawings(10, seed=2)[0], again)
    for picture in BOARD.values():
        assert not (pictures == picture).flatten(1).all(dim=1).any()


def test_a_network_is_asked_in_evaluation_and_left_in_its_mode():
    model = strokes.network().train()
    detectors.learned(model)(BOARD["X"])
    assert model.training


def test_the_table_marks_what_is_wrong_and_leaves_the_learners_own_open():
    nothing = {"nothing": lambda picture: False}
    blank, ink = torch.zeros(1, 13, 13), torch.zeros(13, 13)
    ink[3, 4] = 1
    figure = figures.detector_board(nothing, mine=blank)
    assert figure.description == figures.detector_board(nothing).description
    assert "right about 5 of 12, wrong about X, deformed" in figure.description
    hatched = [patch for ax in figure.axes for patch in ax.patches if patch.get_hatch()]
    assert len(hatched) == 7
    figure = figures.detector_board(nothing, mine=ink)
    assert "in yours it sees no X" in figure.description
    assert len([p for ax in figure.axes for p in ax.patches if p.get_hatch()]) == 7
    with pytest.raises(ValueError, match=r"^mine has the shape \(3, 3\); expected \(13, 13\)"):
        figures.detector_board(nothing, mine=torch.zeros(3, 3))


def test_a_row_says_the_same_in_every_lesson():
    rows = {}
    for lesson in lesson_files(course_folder("notebooks")):
        text = lesson.read_text(encoding="utf-8")
        for label, said in re.findall(r"(lesson \d: [^:\"]+): (right about [^.]+)\.", text):
            assert rows.setdefault(label, said) == said, f"{lesson.name}: {label}"


def test_a_figure_says_whose_functions_made_it():
    class Mine:
        whose = "your corr2d"

    plain = figures.detector_board({"nothing": lambda picture: False})
    signed = figures.detector_board({"nothing": lambda picture: False}, by=(Mine(),))
    assert signed.description == f"{plain.description} Made by your corr2d."
    assert signed.texts[-1].get_text() == "made by your corr2d"
    assert signed.get_figheight() > plain.get_figheight()
    for one, other in zip(plain.axes, signed.axes, strict=True):
        inches = [ax.get_position().height * ax.figure.get_figheight() for ax in (one, other)]
        assert inches[0] == pytest.approx(inches[1])
