"""IDX files, the format of MNIST and its relatives: find, verify, read.

The compressed files are read as they are: nothing is unpacked beside them.
"""

from __future__ import annotations

import gzip
import math
import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from coursekit.machine.download import sha256

__all__ = [
    "SHA256",
    "DamagedFile",
    "DataError",
    "damaged",
    "present",
    "read",
    "unreadable",
    "write",
]

# Of the files as published: https://github.com/zalandoresearch/fashion-mnist
PUBLISHED = {
    "train-images-idx3-ubyte": "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    "train-labels-idx1-ubyte": "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    "t10k-images-idx3-ubyte": "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    "t10k-labels-idx1-ubyte": "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
}
UNPACKED = {
    "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}
PACKED = tuple(f"{name}.gz" for name in PUBLISHED)
SHA256 = {f"{name}.gz": digest for name, digest in PUBLISHED.items()} | UNPACKED
UNSIGNED_BYTES = 0x08  # the format's code for that type


class DataError(Exception):
    """A data file is missing, damaged or not what its name says. The message says what to do."""


class DamagedFile(DataError):
    """A file does not hold what its name says. `path` is the file, `what` the damage."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(
            f"{path} {what}. Delete it, then fetch it again or copy it from a machine that has it"
        )
        self.path, self.what = path, what


def present(folder: Path) -> bool:
    """Return whether the folder holds all four files, compressed or not."""
    return all(
        (folder / name).is_file() or (folder / name).with_suffix("").is_file() for name in PACKED
    )


def unreadable(folder: Path) -> list[Path]:
    """Return those of the files in the folder, compressed or not, that may not be read."""
    both = [path for name in PACKED for path in (folder / name, (folder / name).with_suffix(""))]
    found = []
    for path in both:
        try:
            with path.open("rb"):
                pass
        except FileNotFoundError:
            continue
        except OSError:
            found.append(path)
    return found


def damaged(folder: Path) -> list[DamagedFile]:
    """Return an error, not raised, for each of the files in the folder that fails its checksum."""
    found = [folder / name for name in SHA256 if (folder / name).is_file()]
    return [error for path in found if (error := _failing(path, _content(path), SHA256))]


def _content(path: Path) -> bytes:
    """Return what is in the file. Raises DataError where it may not be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(
            f"{path} cannot be read ({error.strerror}); expected a file that you may read"
        ) from error


def _failing(path: Path, content: bytes, expected: Mapping[str, str]) -> DamagedFile | None:
    if sha256(content) == expected[path.name]:
        return None
    return DamagedFile(path, f"is damaged: its {len(content):,} bytes fail the checksum")


def read(folder: Path, name: str, expected: Mapping[str, str] | None = None) -> np.ndarray:
    """Return the array of one IDX file, preferring NAME.gz to NAME: uint8, of the shape it states.

    Images are (N, 28, 28), labels (N,).
    expected: the SHA-256 of each file by name. None: it is not verified.
    Raises DamagedFile where it is truncated, damaged, of another type, or fails its checksum,
    DataError where it may not be read.
    """
    packed = folder / f"{name}.gz"
    path = packed if packed.is_file() else folder / name
    content = _content(path)
    if expected is not None and (error := _failing(path, content, expected)):
        raise error
    if path == packed:
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as error:
            raise DamagedFile(path, f"cannot be unpacked ({error})") from error
    return _parse(path, content)


def _parse(path: Path, content: bytes) -> np.ndarray:
    """Return the array: after 0, 0, type and rank come the sizes, big-endian, then the bytes."""
    rank = content[3] if len(content) > 3 else 0
    header = 4 + 4 * rank
    typed = content[:3] == bytes([0, 0, UNSIGNED_BYTES])
    if not typed or not 1 <= rank <= 3 or len(content) < header:
        raise DamagedFile(path, "is no IDX file of bytes")
    shape = tuple(np.frombuffer(content, ">u4", rank, offset=4).tolist())
    held = len(content) - header
    if math.prod(shape) != held:
        raise DamagedFile(path, f"is truncated: it states {shape}, and holds {held:,} bytes")
    # Copied, for bytes are read-only, and a tensor around them would not be.
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape).copy()


def write(path: Path, array: np.ndarray) -> None:
    """Write a uint8 array, images (N, H, W) or labels (N,), as an IDX file, not compressed."""
    header = bytes([0, 0, UNSIGNED_BYTES, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    path.write_bytes(header + array.tobytes())
