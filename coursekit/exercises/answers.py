"""The answers that check found right, as a file of source that later lessons go on with.

`my_answers.py` lies beside the learner's lessons: a section for each exercise, which runs by
itself. Its heading holds a digest of the text that passed; a section that was changed since has not
passed, and is neither run nor written over until its exercise is solved anew.
"""

from __future__ import annotations

import hashlib
import linecache
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from coursekit.exercises import progress
from coursekit.machine.files import write_text

__all__ = ["FILE", "keep", "kept", "rename"]

FILE, SET_ASIDE = "my_answers.py", "my_answers_damaged.py"
PREFACE = '''"""Your answers that check found right. Later lessons go on with them.

check writes this file. Read it, print it, take from it what you like. What you change here counts
again when check has found it right: change it in your notebook, and run its check.
"""
'''
HEADING = re.compile(
    r"^# --- (?P<id>\d+\.\d+( \(before\))?) (?P<name>\w+) \((?P<digest>[0-9a-f]{16})\)$",
    re.MULTILINE,
)
NOT_KEPT = "Your answer could not be written to my_answers.py, so later lessons will not find it."
DAMAGED = f"my_answers.py could not be read; it is set aside as {SET_ASIDE}, and a new one begun."


@dataclass(frozen=True)
class Section:
    """One answer: the exercise, the function's name, the text that passed, and where it stands."""

    id: str
    name: str
    digest: str
    text: str
    line: int

    @property
    def passed(self) -> bool:
        """Whether this is still the text that check found right."""
        return _digest(self.text) == self.digest

    def written(self) -> str:
        """Return the section as it stands in the file."""
        return f"\n# --- {self.id} {self.name} ({self.digest})\n\n{self.text}\n"


def keep(id: str, name: str, text: str) -> str:
    """Write the answer into the file; return a sentence where something is amiss, or "".

    text: a source that runs by itself and defines the name. Without a learner's folder nothing is
    written. Sections of other exercises stay as they are, changed by hand or not.
    """
    path = _path(progress.folder())
    if path is None:
        return ""
    said = ""
    try:
        sections = _sections(path)
        if sections is None:
            path.replace(path.with_name(SET_ASIDE))
            sections, said = [], DAMAGED
        mine = Section(id, name, _digest(text.strip()), text.strip(), 0)
        if mine not in (replace(old, line=0) for old in sections):
            _write(path, [*(old for old in sections if old.id != id), mine])
    except OSError:
        return NOT_KEPT
    return said


def kept(id: str) -> Callable[..., Any] | None:
    """Return the function that passed the exercise, as it stands in the file, or None.

    The section is run when it is still what passed, and only then.
    """
    path = _path(progress.folder())
    try:
        sections = _sections(path) if path is not None else None
    except OSError:
        return None
    found = next((old for old in sections or () if old.id == id), None)
    if path is None or found is None or not found.passed:
        return None
    return _run(path, found)


def rename(new: dict[str, str], home: Path) -> None:
    """Give the sections of these exercises the exercises' new ids.

    home: the learner's `.coursekit` folder.
    """
    path = _path(home)
    sections = _sections(path) if path is not None and path.exists() else None
    if path is not None and sections:
        renamed = [replace(old, id=new.get(old.id, old.id)) for old in sections]
        if renamed != sections:
            _write(path, renamed)


def _path(home: Path | None) -> Path | None:
    return None if home is None else home.parent / FILE


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _sections(path: Path) -> list[Section] | None:
    """Return what the file holds, in order; None where no text can be read from it."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except UnicodeDecodeError:
        return None
    found = list(HEADING.finditer(text))
    ends = [*(heading.start() for heading in found[1:]), len(text)]
    return [_section(text, *pair) for pair in zip(found, ends, strict=False)]  # or none at all


def _section(text: str, heading: re.Match[str], end: int) -> Section:
    body = text[heading.end() : end]
    blank = len(body) - len(body.lstrip())
    line = text.count("\n", 0, heading.end() + blank) + 1
    return Section(heading["id"], heading["name"], heading["digest"], body.strip(), line)


def _write(path: Path, sections: Iterable[Section]) -> None:
    ordered = sorted(sections, key=lambda section: _order(section.id))
    write_text(path, PREFACE + "\n".join(section.written() for section in ordered))


def _order(id: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", id)))


def _run(path: Path, section: Section) -> Callable[..., Any] | None:
    """Return the function that the section defines, or None where running it fails.

    The code keeps its place in the file, so that an error's lines can be shown.
    """
    namespace: dict[str, Any] = {"__name__": Path(FILE).stem}
    try:
        code = compile("\n" * (section.line - 1) + section.text, str(path), "exec")
        exec(code, namespace)
    except Exception:
        return None
    linecache.checkcache(str(path))
    return namespace.get(section.name)
