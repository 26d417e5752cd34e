"""Make the course's photograph from its original in scikit-image's data folder.

    uv run --with scikit-image python data/make_photographs.py

The picture is Chelsea the cat, photographed by Stéfan van der Walt, released under CC0.
"""

from pathlib import Path

import skimage
from PIL import Image

FACE = (110, 0, 410, 300)  # left, top, right, bottom: a square around the face
SIZE = 160  # pixels: large enough to like, small enough to ship

folder = Path(__file__).parent / "photographs"
folder.mkdir(exist_ok=True)
original = Image.open(Path(skimage.__file__).parent / "data" / "chelsea.png").convert("RGB")
face = original.crop(FACE).resize((SIZE, SIZE), Image.Resampling.LANCZOS)
face.save(folder / "cat.png", optimize=True)
