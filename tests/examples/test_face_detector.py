import pytest
import torch

from coursekit.examples.drawings import drawing
from coursekit.examples.face_detector import change, detect, scene


@pytest.mark.parametrize(("row", "column"), [(0, 0), (3, 4), (7, 11)])
def test_the_detector_finds_the_face_and_nothing_else(row, column):
    response = detect(scene(row, column))
    assert response.shape == (8, 12)
    assert response[row, column] == 29
    assert response.sum() == 29


def test_the_detector_is_silent_where_there_is_no_face():
    assert detect(-torch.ones(14, 18)).sum() == 0
    assert detect(drawing("cat face").flip(0)).sum() == 0


def test_change_is_0_for_equal_maps_and_1_for_disjoint_ones():
    here, there = detect(scene(3, 4)), detect(scene(3, 5))
    assert change(here, here) == 0
    assert change(here, there) == change(there, here) == 1
    assert change(2 * here, 2 * (here + there)) == pytest.approx(1 / 3)
    assert change(torch.zeros(2), torch.zeros(2)) == 0


def test_a_face_outside_the_paper_is_named():
    with pytest.raises(ValueError, match=r"row, column is \(8, 0\); expected at most \(7, 11\)"):
        scene(8, 0)
