"""IDX files, the format of MNIST and its relatives: find, verify, download, read.

The compressed files are read as they are: nothing is unpacked beside them.
"""

from __future__ import annotations

import gzip
import hashlib
import math
import shutil
import socket
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np

__all__ = ["MD5", "DataError", "download", "present", "read"]

# Of the files as published: https://github.com/zalandoresearch/fashion-mnist
MD5 = {
    "train-images-idx3-ubyte.gz": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    "train-labels-idx1-ubyte.gz": "25c81989df183df01b3e8a0aad5dffbe",
    "t10k-images-idx3-ubyte.gz": "bef4ecab320f06d8554ea6380940ec79",
    "t10k-labels-idx1-ubyte.gz": "bb300cfdad3c16e7a12a480ee83cd310",
}
UNSIGNED_BYTES = 0x08
TIMEOUT = 10.0  # seconds without an answer, after which a lesson goes on offline


class DataError(Exception):
    """A data file is missing, damaged or not what its name says. The message says what to do."""


def present(folder: Path) -> bool:
    """Return whether the folder holds all four files, compressed or not."""
    return all(
        (folder / name).is_file() or (folder / name).with_suffix("").is_file() for name in MD5
    )


def read(folder: Path, name: str, md5: Mapping[str, str] | None = None) -> np.ndarray:
    """Return the array of one IDX file, preferring NAME.gz to NAME: uint8, of the shape it states.

    Raises DataError where it is truncated, damaged, of another type, or fails its checksum.
    """
    packed = folder / f"{name}.gz"
    path = packed if packed.is_file() else folder / name
    content = path.read_bytes()
    if path == packed:
        if md5 is not None and hashlib.md5(content).hexdigest() != md5[path.name]:
            raise DataError(
                _advice(path, f"is damaged: its {len(content):,} bytes fail the checksum")
            )
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as error:
            raise DataError(_advice(path, f"cannot be unpacked ({error})")) from error
    return _parse(path, content)


def _parse(path: Path, content: bytes) -> np.ndarray:
    rank = content[3] if len(content) > 3 else 0
    header = 4 + 4 * rank
    typed = content[:3] == bytes([0, 0, UNSIGNED_BYTES])
    if not typed or not 1 <= rank <= 3 or len(content) < header:
        raise DataError(_advice(path, "is no IDX file of bytes"))
    shape = tuple(np.frombuffer(content, ">u4", rank, offset=4).tolist())
    held = len(content) - header
    if math.prod(shape) != held:
        raise DataError(_advice(path, f"is truncated: it states {shape}, and holds {held:,} bytes"))
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape).copy()


def _advice(path: Path, what: str) -> str:
    return f"{path} {what}. Delete it, then fetch it again or copy it from a machine that has it"


def download(folder: Path) -> str | None:
    """Fetch what the folder lacks of Fashion-MNIST, through torchvision. Return None, or why not.

    A file appears in the folder whole and verified, or not at all: an interruption loses nothing.
    """
    from torchvision.datasets import FashionMNIST
    from torchvision.datasets.utils import download_url

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (
            _timeout(TIMEOUT),
            tempfile.TemporaryDirectory(dir=folder, prefix="partial-") as partial,
        ):
            for name, md5 in MD5.items():
                if not (folder / name).is_file():
                    download_url(FashionMNIST.mirrors[0] + name, partial, name, md5)
                    shutil.move(Path(partial) / name, folder / name)
    except (OSError, RuntimeError) as error:
        return f"it could not be downloaded ({getattr(error, 'reason', error)})"
    return None


@contextmanager
def _timeout(seconds: float) -> Iterator[None]:
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
