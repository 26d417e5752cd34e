"""The course's own photograph."""

from __future__ import annotations

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from coursekit.contracts import checks_arguments
from coursekit.machine.paths import course_folder

__all__ = ["photograph"]


@checks_arguments
def photograph(*, gray: bool = True) -> Tensor:
    """Return the course's photograph, a cat's face, as float32 from 0 black to 1 white.

    Gray (H, W), else colour (3, H, W); H = W = 160. Chelsea, by Stéfan van der Walt, CC0.

    >>> photograph().shape, photograph(gray=False).shape
    (torch.Size([160, 160]), torch.Size([3, 160, 160]))
    """
    with Image.open(course_folder("data") / "photographs" / "cat.png") as picture:
        pixels = np.array(picture.convert("L" if gray else "RGB"), dtype=np.float32)
    image = torch.from_numpy(pixels) / 255
    return image if gray else image.permute(2, 0, 1).contiguous()  # (H, W, 3) -> (3, H, W)
