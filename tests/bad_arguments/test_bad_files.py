"""Files that are damaged in thousands of ways: each is read, or refused by its name, and no more."""

import gzip
import io
import json
import random

import numpy as np
import pytest
import torch
from PIL import Image

from coursekit.data import idx
from coursekit.data.picture import UnreadableError, read_picture
from coursekit.desk.update import notebook
from coursekit.training import files

FORMATS = {
    "JPEG": {"quality": 90}, "PNG": {}, "GIF": {}, "BMP": {}, "TIFF": {"compression": "tiff_lzw"}, "WEBP": {},
    "AVIF": {}, "PPM": {}, "ICO": {}, "MPO": {}, "JPEG2000": {}, "QOI": {}, "TGA": {}, "SGI": {}, "PCX": {},
}  # fmt: skip


def written(save):
    stream = io.BytesIO()
    save(stream)
    return stream.getvalue()


def picture(kind):
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "a camera"
    values = np.random.default_rng(0).integers(0, 255, (24, 20, 3), np.uint8)
    more = {"exif": exif} if kind in ("JPEG", "PNG", "WEBP", "AVIF", "MPO") else {}
    return written(lambda s: Image.fromarray(values).save(s, kind, **FORMATS[kind], **more))


def an_idx():
    head = bytes([0, 0, 8, 3]) + np.array([4, 28, 28], ">u4").tobytes()
    return gzip.compress(head + bytes(4 * 28 * 28), mtime=0)


def a_notebook():
    cells = [
        {"cell_type": "code", "id": "a", "metadata": {}, "source": ["x = 1"], "outputs": []}
    ] * 3
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()


def damaged(content, dice):
    """Return the content with some of it changed, cut off, doubled, or put elsewhere."""
    found = bytearray(content)
    for _ in range(dice.randint(1, 6)):
        at, many = dice.randrange(len(found) + 1), dice.choice([1, 1, 2, 4, 16, len(found) // 2])
        kind = dice.randrange(5)
        if kind == 0:
            found[at : at + many] = dice.randbytes(many)
        elif kind == 1:
            del found[at : at + many]
        elif kind == 2:
            found[at:at] = found[:many]
        elif kind == 3:
            found[at : at + many] = bytes([dice.choice([0, 255])]) * many
        else:
            del found[at:]
    return bytes(found)


def outcome(refusal, call):
    """Return (what the call returned, ""), or (None, what it said) where it refused."""
    try:
        return call(), ""
    except refusal as error:
        assert str(error)  # noqa: PT017, most calls raise nothing, and any other error is a finding
        return None, str(error)


def read_a_picture(path, dice):
    size = dice.choice([None, 8])
    reading, said = outcome(UnreadableError, lambda: read_picture(path, size))
    assert reading is not None or path.name in said
    if reading is not None:
        assert (reading.pixels.dtype, reading.pixels.shape[0]) == (torch.uint8, 3)
        assert size is None or reading.pixels.shape == (3, 8, 8)


def read_an_idx(path, _):
    path = path.rename(path.with_name("train-images-idx3-ubyte.gz"))
    array, said = outcome(idx.DataError, lambda: idx.read(path.parent, "train-images-idx3-ubyte"))
    assert path.name in said if array is None else array.dtype == np.uint8
    path.unlink()


def read_a_notebook(path, _):
    outcome(notebook.UnreadableError, lambda: notebook.dumps(notebook.read(path)))


def read_weights(path, _):
    held, said = outcome(ValueError, lambda: files.read(path, "path"))
    assert held is not None or "path is" in said


READERS = {
    **{kind: (lambda kind=kind: picture(kind), read_a_picture) for kind in FORMATS},
    "idx": (an_idx, read_an_idx),
    "notebook": (a_notebook, read_a_notebook),
    "weights": (lambda: written(lambda s: torch.save({"w": torch.ones(3)}, s)), read_weights),
}


def tried(kind, folder, count):
    make, read = READERS[kind]
    content, dice = make(), random.Random(kind)
    for number in range(count):
        path = folder / f"{number % 7}.x"
        path.write_bytes(damaged(content, dice))
        read(path, dice)
    return count


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("kind", READERS)
def test_a_damaged_file_is_read_or_refused_by_name(kind, tmp_path):
    assert tried(kind, tmp_path, 20) == 20


@pytest.mark.ci
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("kind", READERS)
def test_twenty_thousand_damaged_files(kind, tmp_path):
    each = -(-20_000 // len(READERS))
    assert tried(kind, tmp_path, each) == each
