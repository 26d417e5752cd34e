"""A network that learned one task, with all that it takes to use it for another."""

from __future__ import annotations

import copy
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated

import torch
from torch import Tensor, nn
from tqdm.auto import tqdm

from coursekit import arguments
from coursekit.contracts import File, Seed, checks_arguments
from coursekit.data.folder import image_folder
from coursekit.data.folder_set import FolderSet
from coursekit.transfer.freezing import head_name, replace_head
from coursekit.transfer.learning import cache_features
from coursekit.transfer.preprocessing import Picture, Preprocess

__all__ = ["Pretrained"]

AT_ONCE = 16  # pictures in a batch: more take memory, and no time less for each


@dataclass(frozen=True, repr=False)
class Pretrained:
    """A network that was trained on one task, and what it takes to use it for another.

    model: (N, 3, H, W) -> logits (N, classes), by a linear head, `fc`; model.features(x), of shape
        (N, num_features), is what the head sees. Its stages are layer1, layer2 and so on.
    name: of the backbone, "photographs", "drawings" or "resnet18". network: its architecture.
    preprocess: pictures -> the batch (N, 3, size, size) that the model expects.
    classes: what the head tells apart, in the order of its outputs.
    learned_from: what it learned from, and so what its features fit.
    """

    model: nn.Module
    name: str
    network: str
    preprocess: Preprocess
    classes: tuple[str, ...]
    learned_from: str = ""

    @property
    def num_features(self) -> int:
        """Return how many numbers the head sees of each image: 1,280, 256 or 512."""
        return self.model.get_submodule(head_name(self.model)).in_features

    @property
    def size(self) -> int:
        """Return the height and width, in pixels, of the images that the model takes."""
        return self.preprocess.size

    @property
    def last_stage(self) -> nn.Module:
        """Return the last part whose output is a stack of maps: where `grad_cam` looks."""
        stages = [name for name, _ in self.model.named_children() if name.startswith("layer")]
        return self.model.get_submodule(stages[-1])

    def __repr__(self) -> str:
        return (
            f"{self.network}, {self.name!r}: {self.size}×{self.size} images, "
            f"{self.num_features:,} features, {len(self.classes):,} classes"
        )

    def features(self, pictures: Picture | Sequence[Picture]) -> Tensor:
        """Return what the head sees of each picture: float32 (N, num_features), on the CPU.

        pictures: as `preprocess` takes them; uint8 tensors, PIL images or paths. They pass in
        batches, with a progress bar unless CI is set: keep what comes back, for it takes seconds.
        Raises ValueError for what is no picture.
        """
        single = not isinstance(pictures, (Tensor, list, tuple))
        single = single or (isinstance(pictures, Tensor) and pictures.dim() == 3)
        pictures = [pictures] if single else pictures
        batches = range(0, max(1, len(pictures)), AT_ONCE)  # none at all: preprocess says so
        shown = tqdm(
            batches, unit="batch", leave=False, disable=bool(os.environ.get("CI")) or single
        )
        return torch.cat([self._seen(pictures[start : start + AT_ONCE]) for start in shown])

    def _seen(self, pictures: Tensor | Sequence[Picture]) -> Tensor:
        return cache_features(self.model, self.preprocess(pictures))

    @checks_arguments
    def read_folder(
        self, path: File, *, share: Annotated[float, arguments.share] = 0.2, seed: Seed = 0
    ) -> FolderSet:
        """Return the pictures of a folder, each read as `predict_file` will read one.

        Images are (N, 3, size, size) uint8. As `data.image_folder`, which says what it raises.
        """
        frame = self.preprocess
        return image_folder(path, size=frame.size, resize=frame.resize, share=share, seed=seed)

    @checks_arguments
    def adapted(
        self, classes: Annotated[Sequence[str], partial(arguments.names, minimum=2)]
    ) -> Pretrained:
        """Return a copy with a fresh head for these classes. This one stays as it is.

        The copy's model: (N, 3, H, W) -> logits (N, classes), in the order in which they are given.
        Raises ValueError for fewer than two names, or one that comes twice.
        """
        # Deep, or both would share their layers, and training one would train the other.
        adapted = replace(self, model=copy.deepcopy(self.model), classes=tuple(classes))
        replace_head(adapted.model, len(adapted.classes))
        return adapted
