"""What learners handed in: which of it can be graded, which has been, and what is wrong with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.machine.files import write_text

__all__ = ["Course", "Submission"]

KEPT = ".coursekit-grading"  # a folder of the course: what was graded, and nbgrader's words


@dataclass(frozen=True)
class Submission:
    """What one learner handed in for one lesson."""

    course: Path
    lesson: str
    student: str

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self.course / "submitted" / self.student / self.lesson

    @property
    def notebook(self) -> Path:
        """The file that is graded."""
        return self.folder / f"{self.lesson}.ipynb"

    @property
    def log(self) -> Path:
        """Where nbgrader's words about it go."""
        return self.course / KEPT / self.lesson / f"{self.student}.log"

    @property
    def _record(self) -> Path:
        return self.log.with_suffix(".json")

    def content(self) -> str:
        """Return a fingerprint of its files, names and timestamp included."""
        digest = hashlib.sha256()
        for path in sorted(path for path in self.folder.rglob("*") if path.is_file()):
            for part in (str(path.relative_to(self.folder)).encode(), path.read_bytes()):
                digest.update(len(part).to_bytes(8, "big") + part)
        return digest.hexdigest()

    def recorded(self) -> dict[str, Any] | None:
        """Return what was recorded when it was last graded, or None."""
        try:
            found = json.loads(self._record.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def is_graded(self) -> bool:
        """Return whether what lies there now has been graded, and the result is still there."""
        found = self.recorded()
        graded = self.course / "autograded" / self.student / self.lesson / self.notebook.name
        return bool(found) and graded.exists() and found.get("content") == self.content()

    def record(self, content: str, found: dict[str, Any]) -> None:
        """Remember that this content was graded, and how."""
        write_text(self._record, json.dumps({"content": content, **found}))

    def forget(self) -> None:
        """Remove the record: it is graded again."""
        self._record.unlink(missing_ok=True)

    def to_json(self) -> dict[str, str]:
        """Return what `from_json` takes."""
        return {"course": str(self.course), "lesson": self.lesson, "student": self.student}

    @classmethod
    def from_json(cls, parts: dict[str, str]) -> Submission:
        """Return the submission that `to_json` was asked of."""
        return cls(Path(parts["course"]), parts["lesson"], parts["student"])

    def fault(self) -> str:
        """Return why it cannot be graded, in words, or ""."""
        if not self.folder.is_dir():
            return "handed in nothing"
        if set(self.student) & set("[]*?"):
            return "the folder's name has one of [ ] * ? in it, by which nbgrader does not find it"
        others = sorted(path.name for path in self.folder.glob("*.ipynb") if path != self.notebook)
        if not self.notebook.is_file():
            if not others:
                return "handed in a folder without a notebook"
            return f"misnamed: {', '.join(others)}; rename it to {self.notebook.name} to grade it"
        return _unreadable(self.notebook)

    def others(self) -> list[str]:
        """Return the names of other notebooks that were handed in with it."""
        return sorted(path.name for path in self.folder.glob("*.ipynb") if path != self.notebook)


class Course:
    """A folder of nbgrader's, with `source`, `submitted` and a gradebook."""

    def __init__(self, folder: Path) -> None:
        """Find the course. Raises ValueError where the folder is none."""
        self.folder = folder.expanduser().resolve()
        if not (self.folder / "source").is_dir():
            raise ValueError(
                f"DIR is {folder}, which is no course; expected a folder made by "
                "`coursekit export nbgrader DIR`"
            )

    def lessons(self, numbers: Sequence[int]) -> list[str]:
        """Return the names of the assignments with these numbers; of all, without any.

        Raises ValueError where one is not there, or was not yet made an assignment.
        """
        known = sorted(path.name for path in (self.folder / "source").iterdir() if path.is_dir())
        found = known if not numbers else []
        for number in numbers:
            named = [name for name in known if name.partition("_")[0] == f"{number:02}"]
            if not named:
                raise ValueError(f"lesson is {number}; expected one of: {', '.join(known)}")
            found += named
        for name in found if numbers else []:
            if not (self.folder / "release" / name).is_dir():
                raise ValueError(f"{name} is no assignment yet; run `nbgrader "
                                 f"generate_assignment {name}` in {self.folder} first")  # fmt: skip
        return [name for name in found if (self.folder / "release" / name).is_dir()]

    def submissions(self, lesson: str) -> Iterator[Submission]:
        """Yield one for everybody who is known in the course, whether they handed in or not."""
        for student in self.students():
            yield Submission(self.folder, lesson, student)

    def students(self) -> list[str]:
        """Return the ids of all who handed in anything, or are in the gradebook."""
        folders = (self.folder / "submitted").glob("*")
        handed_in = {path.name for path in folders if path.is_dir() and path.name[0] != "."}
        return sorted(handed_in | self._in_the_gradebook())

    def strays(self) -> list[str]:
        """Return what lies where no assignment is looked for, in words."""
        known = {path.name for path in (self.folder / "source").iterdir()}
        found = sorted((self.folder / "submitted").glob("*/*"))
        return [
            f"{path.parent.name}: {path.name} is no assignment of this course"
            for path in found
            if path.name not in known and path.name[0] != "." and
            (path.is_dir() or path.suffix == ".ipynb")
        ]  # fmt: skip

    def _in_the_gradebook(self) -> set[str]:
        import sqlite3

        path = self.folder / "gradebook.db"
        if not path.exists():
            return set()
        with sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True) as book:
            try:
                return {row[0] for row in book.execute("select id from student")}
            except sqlite3.Error:
                return set()


def _unreadable(path: Path) -> str:
    import nbformat

    try:
        notebook = nbformat.read(path, as_version=4)
        cells = notebook.cells
    except Exception as error:  # whatever a reader of a damaged file stumbles over
        reason = (str(error).splitlines() or [type(error).__name__])[0][:100]
        return f"unreadable: {path.name} is no notebook ({reason}); ask for it again"
    return "" if cells else f"empty: {path.name} has no cells; ask for it again"
