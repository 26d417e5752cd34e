"""The convolution explorer: move a window over an image and see every product that it makes.

>>> import torch
>>> from coursekit.explorer import Explorer
>>> explorer = Explorer(torch.arange(9).reshape(3, 3), torch.arange(4).reshape(2, 2))
>>> explorer.output[0].tolist()
[[19.0, 25.0], [37.0, 43.0]]
"""

from coursekit.explorer.widget import CONTROLS, Explorer

__all__ = ["CONTROLS", "Explorer"]
