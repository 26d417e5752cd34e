"""Draw the ten kinds of thing of lesson 7 as an image folder: data/things/SPLIT/KIND/NNN.jpg.

The backbone has never seen these kinds. The same seed draws the same pictures.
"""

import io
import sys
from pathlib import Path

import checksums
import drawing
import numpy as np
from PIL import Image
from world.kinds import TARGET
from world.picture import picture

HERE = Path(__file__).parent
FOLDER = HERE / "things"
SEED = 20250302
SIZES = {"train": 50, "test": 40}  # pictures of each kind
QUALITY = 90
TOLERANCE = 3.0  # gray levels on average


def draw_files() -> dict[Path, bytes]:
    """Return the contents of the JPEG files, by their path below `data/things/`."""
    files = {}
    for part, (split, count) in enumerate(SIZES.items()):
        for place, (kind, draw) in enumerate(TARGET.items()):
            rng = np.random.default_rng([SEED, part, place])
            for number in range(count):
                path = Path(split) / kind / f"{number:03}.jpg"
                files[path] = jpeg(picture(draw, rng))
    return files


def jpeg(image: np.ndarray) -> bytes:
    """Return the bytes of a JPEG file of the image, uint8 (64, 64, 3), with colour at full size."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", quality=QUALITY, subsampling=0, optimize=True)
    return buffer.getvalue()


def difference(first: bytes, second: bytes) -> float:
    """Return the mean distance of two JPEG files of one size, in gray levels from 0 to 255."""
    one, two = (np.asarray(Image.open(io.BytesIO(data)), np.float32) for data in (first, second))
    return float(np.abs(one - two).mean())


def same(first: bytes, second: bytes) -> bool:
    """Return whether two JPEG files show the same picture: another libjpeg rounds differently."""
    return difference(first, second) <= TOLERANCE


def main() -> int:
    """Return the exit status: 1 where `--check` finds a difference."""
    checking, files = drawing.asked_to_check(__doc__), draw_files()
    if checking:
        return drawing.check(FOLDER, files, same, "the things are as drawn, their checksums hold")
    drawing.write(FOLDER, files)
    list_ = FOLDER / checksums.NAME  # so many files have a list of their own, which the other lists
    checksums.record(HERE, {list_.relative_to(HERE): list_.read_bytes()})
    return 0


if __name__ == "__main__":
    sys.exit(main())
