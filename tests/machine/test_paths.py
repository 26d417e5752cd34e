from pathlib import Path

import pytest

from coursekit.machine.paths import course_folder


def test_the_source_folder_is_found_from_a_clone():
    assert (course_folder("lessons") / "02_convolution_by_hand.py").is_file()
    with pytest.raises(FileNotFoundError, match="folder 'nothing' is missing"):
        course_folder("nothing")
    assert isinstance(course_folder("data"), Path)
