"""Where the parts of a data set lie in a folder: by the names that people give them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.data.decoding import looks_like_picture

__all__ = ["Layout", "folders", "is_of_the_system", "layout"]

OF_THE_SYSTEM = {"__macosx", "thumbs.db", "desktop.ini"}  # what macOS and Windows leave behind
PARTS = {
    **dict.fromkeys(("train", "training", "trn"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "dev", "eval", "evaluation"), "validation"),
    **dict.fromkeys(("test", "testing", "tst", "holdout"), "test"),
}
FILLING = {"set", "data", "dataset", "image", "images", "img", "imgs", "split", "pictures"}
GLUED = re.compile(r"(?<=.)(set|data|images)$")  # trainset, testdata


@dataclass(frozen=True)
class Layout:
    """places: part -> its folder, `train` at least. stray: folders that belong to none -> why."""

    places: dict[str, Path]
    stray: dict[Path, str] = field(default_factory=dict)


def is_of_the_system(name: str) -> bool:
    """Return whether a file or a folder of that name is hidden, or left by an operating system."""
    return name.startswith(".") or name.lower() in OF_THE_SYSTEM


def folders(folder: Path) -> list[Path]:
    """Return the visible folders directly inside, links too, sorted as ImageFolder sorts them."""
    try:
        inside = list(folder.iterdir())
    except OSError:
        return []
    return sorted(child for child in inside if not is_of_the_system(child.name) and child.is_dir())


def layout(root: Path, shown: str) -> Layout:
    """Return where each part lies: all of it in the root where no folder is one.

    shown: the path as it was given, for errors.
    Raises ValueError where the folder may be read in two ways, which it names.
    """
    there = folders(root)
    named = _named(there)
    loose = {child: _holds_pictures(child) for child in named}
    parts = {child: part for child, part in named.items() if _holds_classes(child, loose[child])}
    _refuse_doubled(parts, shown)
    if "train" not in parts.values():
        _refuse_without_train(there, parts, loose, shown)
        _refuse_inner(there, shown)
        return Layout({"train": root})
    stray = {child: _why(child, named) for child in there if child not in parts}
    if len(parts) == 1:
        _refuse_train_alone(next(iter(parts)), list(stray), shown)
    return Layout({part: _innermost(child, part) for child, part in parts.items()}, stray)


def _named(there: list[Path]) -> dict[Path, str]:
    """Return the folders whose names say that they are a part -> which.

    A name may hold more, where another part has the same: seg_train beside seg_test.
    """
    read = {child: _part(child.name) for child in there}
    found = {child: pair for child, pair in read.items() if pair is not None}
    alike = Counter(rest for _, rest in found.values())
    return {child: part for child, (part, rest) in found.items() if not rest or alike[rest] > 1}


def _part(name: str) -> tuple[str, tuple[str, ...]] | None:
    words = [GLUED.sub("", word) for word in re.findall(r"[a-z]+", name.lower())]
    words = [word for word in words if word not in FILLING]
    at = [place for place, word in enumerate(words) if word in PARTS]
    if len(at) != 1:
        return None
    return PARTS[words[at[0]]], (*words[: at[0]], *words[at[0] + 1 :])


def _why(child: Path, named: dict[Path, str]) -> str:
    if child in named:
        return "holds no class folders"
    return "lies beside the parts, and is none of them"


def _holds_pictures(folder: Path) -> bool:
    """Return whether there are pictures directly in a folder."""
    try:
        inside = list(folder.iterdir())
    except OSError:
        return False
    return any(not is_of_the_system(file.name) and looks_like_picture(file) for file in inside)


def _holds_classes(folder: Path, loose: bool) -> bool:
    return not loose and any(map(_holds_any, folders(folder)))


def _holds_any(folder: Path, depth: int = 4) -> bool:
    if _holds_pictures(folder):
        return True
    return depth > 0 and any(_holds_any(child, depth - 1) for child in folders(folder))


def _innermost(folder: Path, part: str) -> Path:
    """Return the folder of the classes: in seg_train/seg_train/ the inner one."""
    inside = folders(folder)
    if len(inside) == 1 and (_part(inside[0].name) or ("",))[0] == part:
        return _innermost(inside[0], part)
    return folder


def _refuse_doubled(parts: dict[Path, str], shown: str) -> None:
    for part, count in Counter(parts.values()).items():
        if count > 1:
            both = _list([child for child, name in parts.items() if name == part])
            raise ValueError(f"path is {shown!r}, where {both} are all {part}; expected one")


def _refuse_without_train(
    there: list[Path], parts: dict[Path, str], loose: dict[Path, bool], shown: str
) -> None:
    """Refuse folders that are named as parts, and nothing else, without classes to train with."""
    if parts and all(child in loose for child in there):
        raise ValueError(
            f"path is {shown!r}, which holds {_list(list(parts))} and no train/; expected a "
            "folder train/ beside them, or the path of one of them"
        )
    flat = [child for child, pictures in loose.items() if pictures]
    if len(flat) > 1 and all(child in flat or not _holds_any(child) for child in there):
        raise ValueError(
            f"path is {shown!r}, where {_list(flat)} hold pictures: parts of a set without class "
            "folders, or classes of these names? Expected a folder for each class in each part, or "
            "classes of other names"
        )


def _refuse_train_alone(train: Path, stray: list[Path], shown: str) -> None:
    others = [child for child in stray if _holds_any(child)]
    if others:
        raise ValueError(
            f"path is {shown!r}, where {train.name}/ holds class folders and stands beside "
            f"{_list(others)}: the part to train with, or a class itself? Expected the path of "
            f"{train.name}/, or no folder of that name among the classes"
        )


def _refuse_inner(there: list[Path], shown: str) -> None:
    """Refuse classes that hold parts: read as they are, they would be trained on their test."""
    held = {child: sorted(_named(folders(child))) for child in there}
    if held and all(len(inner) > 1 for inner in held.values()):
        child, inner = next(iter(held.items()))
        raise ValueError(
            f"path is {shown!r}, where {child.name}/ holds {_list(inner)}: parts inside a class, "
            f"or pictures of the class at any depth? Expected {inner[0].name}/{child.name}/, the "
            "parts outside, or no folders of these names"
        )


def _list(folders: list[Path]) -> str:
    *most, last = [f"{child.name}/" for child in folders]
    return f"{', '.join(most)}{' and ' if most else ''}{last}"
