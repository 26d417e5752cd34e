import pytest
from small_lesson import SOURCE

from coursekit.authoring.lesson import Lesson


@pytest.fixture
def write_lesson(tmp_path):
    def write(source=SOURCE, name="03_circles.py"):
        path = tmp_path / "lessons" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(source, encoding="utf-8")
        return Lesson(int(name[:2]), path)

    return write
