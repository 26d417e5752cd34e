"""What an environment takes of the disk, and how much of it only GPUs need."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from coursekit.machine.paths import PACKAGE

__all__ = ["environment", "taken"]

# In site-packages: what PyTorch brings along for GPUs, and what it has built for them itself.
FOR_GPUS = ("nvidia/", "triton/", "cuda/", "torch/lib/libtorch_cuda", "torch/lib/libtorch_nvshmem")


MUCH = 0.5  # GB, worth a word


def environment() -> Iterator[tuple[str, str, str]]:
    """Yield a name, what this environment takes in GB, and what would make it smaller."""
    if sys.prefix == sys.base_prefix:  # the machine's Python, which is not ours alone
        return
    everything, for_gpus = (size / 1e9 for size in taken(Path(sys.prefix)))
    advice = ""
    if for_gpus > MUCH and not _gpu():
        ours = Path(sys.prefix) == PACKAGE.parent / ".venv"
        less = "`make lab TORCH=cpu` does" if ours else "README.md, By hand, says how to do"
        advice = f"{for_gpus:.1f} GB of it for GPUs, and PyTorch sees none; {less} without"
    yield "environment", f"{everything:.1f} GB", advice


def _gpu() -> bool:
    try:
        import torch
    except Exception:  # a broken one: another line tells of it
        return False
    return torch.cuda.is_available()


def taken(folder: Path) -> tuple[int, int]:
    """Return the bytes that a folder takes of the disk, and those of them that only GPUs need.

    A link counts nothing, and neither does what may not be read or goes away meanwhile.
    """
    everything = for_gpus = 0
    start = len(str(folder))  # above it, any name may stand
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)  # noqa: PTH118 - for 60,000 files, three times as fast
            size = _size(path)
            everything += size
            inside = path[start:].replace(os.sep, "/").partition("/site-packages/")[2]
            for_gpus += size if inside.startswith(FOR_GPUS) else 0
    return everything, for_gpus


def _size(path: str) -> int:
    try:
        found = os.lstat(path)
    except OSError:
        return 0
    if not stat.S_ISREG(found.st_mode):
        return 0
    blocks = getattr(found, "st_blocks", None)  # Windows has none
    return found.st_size if blocks is None else 512 * blocks
