"""Draw the stand-in for Fashion-MNIST: ten kinds of garment, 28x28 gray, in torchvision's layout.

Used where a learner has neither the real set nor a network. Every picture is drawn from random
proportions; no picture and no average of pictures of the real set goes in. The same seed gives
the same bytes.
"""

import gzip
import io
import struct
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import drawing
import numpy as np
from wardrobe import bags, sandals, shoes, tops, trousers
from wardrobe.fabric import folds, prints
from wardrobe.sketch import Rng, Sketch, between, reduce, shade

HERE = Path(__file__).parent
RAW = Path("standin/FashionMNIST/raw")
SEED = 20240229
SIZES = {"train": 8000, "t10k": 1500}

PLAIN = {"plain": 1.0}
STIFF = {5, 7, 8, 9}  # shoes and bags shine, the others hang in folds
KINDS: list[tuple[Callable[[Sketch, Rng], float], dict[str, float], float]] = [
    # what draws it, its prints and how often, and the strength of its folds
    (tops.tshirt, {"plain": 10, "logo": 5, "stripes": 2, "blobs": 1.5, "blocks": 1}, 0.05),
    (trousers.trouser, {"plain": 25, "blobs": 1, "checks": 0.3}, 0.05),
    (tops.pullover, {"plain": 11, "logo": 3, "stripes": 2.5, "blobs": 1.5, "blocks": 2}, 0.05),
    (tops.dress, {"plain": 10, "blobs": 4, "blocks": 1.5, "dots": 0.4, "stripes": 1}, 0.09),
    (tops.coat, {"plain": 15, "blobs": 2, "quilt": 1.5, "checks": 0.2, "blocks": 1}, 0.055),
    (sandals.sandal, PLAIN, 0.1),
    (tops.shirt, {"plain": 10, "blobs": 5, "checks": 1.7, "pinstripes": 0.7, "dots": 0.4}, 0.07),
    (shoes.sneaker, {"plain": 12, "blobs": 1}, 0.1),
    (bags.bag, {"plain": 14, "blobs": 2, "blocks": 1, "checks": 0.5, "dots": 0.3}, 0.07),
    (shoes.boot, PLAIN, 0.06),
]


def draw(label: int, rng: Rng) -> np.ndarray:
    """Return a picture of this class, uint8 (28, 28), white on black."""
    garment, weights, strength = KINDS[label]
    sketch = Sketch(rng)
    base = garment(sketch, rng)  # gray level of its cloth, 0 to 255
    # light along the edge: a bright cloth has no room to become much brighter
    rim = between(rng, -10, 110) if base < 190 else between(rng, -25, 35)
    shading = folds(rng, strength * between(rng, 0.2, 1.6), label not in STIFF)
    bright = shade(sketch, shading, prints(rng, weights, base), rim)
    return reduce(bright, sketch.cover, between(rng, 0.2, 0.7))


def draw_part(part: str, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return images, uint8 (count, 28, 28), and labels, uint8 (count,), as many of each class.

    part: "train" or "t10k".
    """
    rng = np.random.default_rng([SEED, len(part)])  # the parts' names differ in length
    labels = rng.permutation(np.arange(count) % len(KINDS)).astype(np.uint8)
    return np.stack([draw(int(label), rng) for label in labels]), labels


def idx(array: np.ndarray) -> bytes:
    """Return the bytes of a file: the array, uint8 of any shape, in IDX format and gzipped.

    Without name or time, so that the same array gives the same bytes.
    """
    # two zeros, 8 for unsigned bytes, how many axes; then each axis in 32 bits, high byte first
    header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=buffer, mode="wb", compresslevel=9, mtime=0) as file:
        file.write(header + array.tobytes())
    return buffer.getvalue()


def draw_files() -> dict[Path, bytes]:
    """Return the contents of the set's four files, by their path below `data/`."""
    files = {}
    for part, count in SIZES.items():
        images, labels = draw_part(part, count)
        files[RAW / f"{part}-images-idx3-ubyte.gz"] = idx(images)
        files[RAW / f"{part}-labels-idx1-ubyte.gz"] = idx(labels)
    return files


def unpacked(data: bytes) -> bytes | None:
    """Return the contents of a gzip file, None where it is broken."""
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        return None


def same(first: bytes, second: bytes) -> bool:
    """Return whether two gzip files hold the same: another zlib may pack it differently."""
    return unpacked(first) == unpacked(second)


def main() -> int:
    """Return the exit status: 1 where `--check` finds a difference."""
    checking, files = drawing.asked_to_check(__doc__), draw_files()
    if checking:
        return drawing.check(HERE, files, same, "the stand-in is as drawn, its checksums hold")
    drawing.write(HERE, files)
    return 0


if __name__ == "__main__":
    sys.exit(main())
