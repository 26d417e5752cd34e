"""A folder of pictures, as a learner has it, read into tensors; and a report of what was done.

One folder for each class, in it pictures at any depth: root/apple/one.jpg. The same may stand under
train/ beside val/ or test/. What cannot be used is skipped, and the report says why.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Annotated

import torch
from torch import Tensor
from tqdm.auto import tqdm

from coursekit import arguments
from coursekit.contracts import File, Seed, checks_arguments
from coursekit.data.folder_set import FolderSet, Pictures
from coursekit.data.picture import CHANGES, UnreadableError, no_picture, read_picture

__all__ = ["image_folder"]

MOST_PIXELS = 4096  # each way
TRAIN, TEST = ("train", "training"), ("test", "testing")
VALIDATION = ("val", "valid", "validation")
OF_THE_SYSTEM = {"__macosx", "thumbs.db", "desktop.ini"}  # what macOS and Windows leave behind

Size = Annotated[int, partial(arguments.integer, minimum=1, maximum=MOST_PIXELS)]


@checks_arguments
def image_folder(
    path: File,
    *,
    size: Size = 64,
    resize: Size | None = None,
    share: Annotated[float, arguments.share] = 0.2,
    seed: Seed = 0,
) -> FolderSet:
    """Return the pictures of a folder as tensors, to train and to validate with, and a report.

    Images are (N, 3, size, size) uint8, labels (N,) int64, classes in the order of their names.
    The shorter side of each picture becomes `resize` pixels, by default `size`, and the middle is
    cut out: `Pretrained.read_folder` does it as its network prepares one file. Gray becomes colour,
    transparent becomes white, and a photograph is turned upright by its EXIF tag. Where there is no
    folder val/, a `share` of each class is drawn for validation, by `seed`.

    Raises ValueError for a path that is no folder, holds no image, or holds one class alone.
    """
    root = Path(path).expanduser()
    _check(path, root)
    if resize is not None and resize < size:
        raise ValueError(f"resize is {resize}; expected at least size, {size}")
    reader = _Reader(root, size, resize or size)
    places = _layout(root)
    train = reader.read(places["train"])
    classes = train.classes
    _check_classes(path, places["train"], classes)
    others = {
        name: reader.read(places[name], classes)
        for name in ("validation", "test")
        if name in places
    }
    if "validation" not in others:
        train, others["validation"] = _split(train, share, seed)
        reader.say(f"validation drawn from train: {share:.0%} of each class, seed {seed}")
    for name, part in others.items():
        reader.compare(name, part)
    return FolderSet(
        root.resolve().name, train, others["validation"], others.get("test"),
        reader.skipped, tuple(reader.notes()),
    )  # fmt: skip


class _Reader:
    """Reads folders of one root, and keeps what there is to report."""

    def __init__(self, root: Path, size: int, resize: int) -> None:
        self.root, self.size, self.resize = root, size, resize
        self.skipped: dict[str, str] = {}
        self.changed = dict.fromkeys(CHANGES, 0)
        self.hidden, self.said = 0, []
        self.seen: dict[bytes, str] = {}  # digest of a file -> the first that has it

    def say(self, sentence: str) -> None:
        """Keep a sentence for the report."""
        self.said.append(sentence)

    def notes(self) -> list[str]:
        """Return the sentences of the report, in the order in which they are printed."""
        changes = ", ".join(f"{n} {what}" for what, n in self.changed.items() if n)
        lines = [*self.said, f"changed while reading: {changes}"] if changes else list(self.said)
        return [*lines, f"hidden files passed over: {self.hidden}"] if self.hidden else lines

    def read(self, folder: Path, classes: tuple[str, ...] | None = None) -> Pictures:
        """Return the pictures of the class folders; of all that hold one where none are given.

        Images (N, 3, size, size) uint8, labels (N,) int64: places in `classes`.
        """
        found: dict[str, list[tuple[str, Tensor]]] = {}
        files = self._files(folder)
        for file in tqdm(files, unit="file", leave=False, disable=bool(os.environ.get("CI"))):
            inner = file.relative_to(folder).parts
            name, shown = inner[0], file.relative_to(self.root).as_posix()
            if len(inner) == 1:
                self.skipped[shown] = "lies in no class folder"
            elif classes is not None and name not in classes:
                self.skipped[shown] = f"{name} is no class of the training set"
            elif (picture := self._picture(file, shown)) is not None:
                found.setdefault(name, []).append((shown, picture))
        for child in _folders(folder):
            if child.name not in found and classes is None:
                self.skipped[f"{child.relative_to(self.root).as_posix()}/"] = (
                    "a class without images"
                )
        return _stack(found, tuple(sorted(found)) if classes is None else classes, self.size)

    def compare(self, name: str, part: Pictures) -> None:
        """Say which classes a part has no picture of."""
        counts = part.labels.bincount(minlength=len(part.classes)).tolist()
        missing = [kind for kind, n in zip(part.classes, counts, strict=True) if not n]
        if missing:
            self.say(f"{name} holds no {' and no '.join(missing)}: its score says nothing of that")

    def _files(self, folder: Path) -> list[Path]:
        files = []
        for file in sorted(folder.rglob("*")):
            parts = file.relative_to(folder).parts
            if any(part.startswith(".") or part.lower() in OF_THE_SYSTEM for part in parts):
                self.hidden += file.is_file()
            elif file.is_file():
                files.append(file)
        return files

    def _picture(self, file: Path, shown: str) -> Tensor | None:
        if why := no_picture(file):
            self.skipped[shown] = why
            return None
        try:
            picture, changes, digest = read_picture(file, self.size, resize=self.resize)
        except UnreadableError as error:
            self.skipped[shown] = error.why
            return None
        # In both parts, a picture would be validated on after it was learned by heart.
        if digest in self.seen:
            self.skipped[shown] = f"the same file as {self.seen[digest]}"
            return None
        self.seen[digest] = shown
        for change in changes:
            self.changed[change] += 1
        return picture


def _stack(
    found: dict[str, list[tuple[str, Tensor]]], classes: tuple[str, ...], size: int
) -> Pictures:
    pairs = [pair for name in classes for pair in found.get(name, [])]
    labels = [label for label, name in enumerate(classes) for _ in found.get(name, [])]
    images = torch.stack([picture for _, picture in pairs]) if pairs else torch.empty(
        0, 3, size, size, dtype=torch.uint8)  # fmt: skip
    files = tuple(shown for shown, _ in pairs)
    return Pictures(images, torch.tensor(labels, dtype=torch.int64), classes, files)


def _split(pictures: Pictures, share: float, seed: int) -> tuple[Pictures, Pictures]:
    """Return (the rest, a share of each class): at least one of each that has two."""
    order, kept, drawn = torch.Generator().manual_seed(seed), [], []
    for label in range(len(pictures.classes)):
        places = (pictures.labels == label).nonzero().flatten()
        places = places[torch.randperm(len(places), generator=order)].tolist()
        cut = min(max(1, round(share * len(places))), len(places) - 1)  # some for either part
        drawn += sorted(places[:cut])
        kept += sorted(places[cut:])
    return pictures.take(kept), pictures.take(drawn)


def _folders(folder: Path) -> list[Path]:
    """Return the visible folders directly inside, sorted as ImageFolder sorts them."""
    return sorted(
        child
        for child in folder.iterdir()
        if child.is_dir() and child.name[0] != "." and child.name.lower() not in OF_THE_SYSTEM
    )


def _layout(root: Path) -> dict[str, Path]:
    """Return where each part lies: all of it in the root where there is no folder train/."""
    named = {child.name.lower(): child for child in _folders(root)}
    parts = {"train": TRAIN, "validation": VALIDATION, "test": TEST}
    found = {part: named[name] for part, names in parts.items() for name in names if name in named}
    known = {*TRAIN, *VALIDATION, *TEST}
    return found if "train" in found and set(named) <= known else {"train": root}


def _check(path: object, root: Path) -> None:
    wanted = "expected a folder that holds one folder of images for each class"
    if not root.is_dir():
        raise ValueError(f"path is {str(path)!r}, which is not a folder; {wanted}")


def _check_classes(path: object, folder: Path, classes: tuple[str, ...]) -> None:
    wanted = "expected at least two folders with images, one for each class"
    if not classes:
        raise ValueError(f"path is {str(path)!r}, which holds no image in a class folder; {wanted}")
    if len(classes) > 1:
        return
    inner = [child.name for child in _folders(folder / classes[0])]
    meant = f"; or is it {classes[0]}/, with {' and '.join(inner)}?" if len(inner) > 1 else ""
    raise ValueError(f"path is {str(path)!r}, whose only class is {classes[0]}; {wanted}{meant}")
