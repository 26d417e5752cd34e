"""Labelled colour pictures in memory, and the report on the folder that they came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

__all__ = ["FolderSet", "Pictures"]

NOTES_AT_MOST = 12
LISTED_AT_MOST = 5  # classes whose equal counts are still listed one by one


@dataclass(frozen=True, repr=False)
class Pictures:
    """Labelled colour pictures, in memory.

    images: (N, 3, size, size) uint8. labels: (N,) int64, places in `classes`.
    files: where each came from, seen from the folder that was read.
    """

    images: Tensor
    labels: Tensor
    classes: tuple[str, ...]
    files: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)

    def __repr__(self) -> str:
        counts = self.labels.bincount(minlength=len(self.classes)).tolist()
        if len(counts) > LISTED_AT_MOST and len(set(counts)) == 1:
            return f"{len(self)} images, {counts[0]} of each class"
        each = ", ".join(f"{name} {n}" for name, n in zip(self.classes, counts, strict=True))
        return f"{len(self)} images: {each}"

    def take(self, places: Sequence[int]) -> Pictures:
        """Return the pictures at these places, in that order, as a set of their own."""
        files = tuple(self.files[place] for place in places)
        index = torch.tensor(list(places), dtype=torch.int64)
        return replace(self, images=self.images[index], labels=self.labels[index], files=files)


@dataclass(frozen=True, repr=False)
class FolderSet:
    """What a folder gave: pictures to train and to validate with, and a report, its repr.

    train, validation: images (N, 3, size, size) uint8 with labels (N,) int64.
    test: the pictures of a folder test/, or None. skipped: what was left out -> why.
    notes: what else there is to know, in sentences.
    """

    name: str
    train: Pictures
    validation: Pictures
    test: Pictures | None
    skipped: dict[str, str]
    notes: tuple[str, ...]

    @property
    def classes(self) -> tuple[str, ...]:
        """Return the names of the classes: the label 0 is the first of them."""
        return self.train.classes

    def __repr__(self) -> str:
        parts = {"train": self.train, "validation": self.validation, "test": self.test}
        taken = {name: part for name, part in parts.items() if part is not None}
        size = "×".join(map(str, self.train.images.shape[2:]))
        total = sum(map(len, taken.values()))
        lines = [f"{self.name}: {total} images in {len(self.classes)} classes, {size} each"]
        lines += [f"  {name}: {part}" for name, part in taken.items()]
        lines += [f"  {note}" for note in self.notes]
        shown = list(self.skipped.items())[:NOTES_AT_MOST]
        lines += [f"  skipped {len(self.skipped)}:"] if shown else ["  nothing skipped"]
        lines += [f"    {file}: {why}" for file, why in shown]
        if len(self.skipped) > len(shown):
            lines.append(f"    and {len(self.skipped) - len(shown)} more, in .skipped")
        return "\n".join(lines)
