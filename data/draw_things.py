"""Draw the ten kinds of thing of lesson 7 as an image folder: data/things/SPLIT/KIND/NNN.jpg.

The backbone has never seen these kinds. The same seed draws the same pictures.
"""

import argparse
import io
import sys
from pathlib import Path

import checksums
import numpy as np
from PIL import Image
from world.kinds import TARGET
from world.picture import picture

HERE = Path(__file__).parent
FOLDER = HERE / "things"
SEED = 20250302
SIZES = {"train": 50, "test": 40}  # pictures of each kind
QUALITY = 90
TOLERANCE = 3.0  # gray levels on average: another libjpeg rounds differently


def draw_files() -> dict[Path, bytes]:
    """Contents of the JPEG files, by their path below `data/things/`."""
    files = {}
    for part, (split, count) in enumerate(SIZES.items()):
        for place, (kind, draw) in enumerate(TARGET.items()):
            rng = np.random.default_rng([SEED, part, place])
            for number in range(count):
                path = Path(split) / kind / f"{number:03}.jpg"
                files[path] = jpeg(picture(draw, rng))
    return files


def jpeg(image: np.ndarray) -> bytes:
    """Return the image, uint8 (64, 64, 3), as a JPEG file with colour at full size."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", quality=QUALITY, subsampling=0, optimize=True)
    return buffer.getvalue()


def check(files: dict[Path, bytes]) -> list[str]:
    """Complaints, none where the shipped files have their checksums and show what is drawn."""
    shipped = {path: (FOLDER / path).read_bytes() for path in files if (FOLDER / path).is_file()}
    missing = [f"{path}: missing" for path in files if path not in shipped]
    other = [
        f"{path}: not what is drawn"
        for path, data in shipped.items()
        if difference(data, files[path]) > TOLERANCE
    ]
    return missing + checksums.unlike(FOLDER, shipped) + other


def difference(first: bytes, second: bytes) -> float:
    """Mean distance of two JPEG files, in gray levels."""
    one, two = (np.asarray(Image.open(io.BytesIO(data)), np.float32) for data in (first, second))
    return float(np.abs(one - two).mean())


def main() -> int:
    """Exit status: 1 where `--check` finds a difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="draw again, compare, write nothing")
    args = parser.parse_args()
    files = draw_files()
    if args.check:
        complaints = check(files)
        print("\n".join(complaints) or "the things are as drawn, their checksums hold")
        return 1 if complaints else 0
    for path, data in files.items():
        (FOLDER / path).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / path).write_bytes(data)
    checksums.record(FOLDER, files)
    list_ = FOLDER / checksums.NAME
    checksums.record(HERE, {list_.relative_to(HERE): list_.read_bytes()})
    print(f"{sum(map(len, files.values())) / 1e6:.2f} MB in {len(files)} files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
