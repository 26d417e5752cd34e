"""Calling a network on what a caller gave, with an error that names it."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

__all__ = ["called"]


def called(model: Callable[[Tensor], Tensor], x: Tensor, name: str) -> Tensor:
    """Return what the model makes of x.

    Raises ValueError with the name of x, its kind and PyTorch's reason where it takes no such x.
    """
    try:
        return model(x)
    except RuntimeError as error:
        raise ValueError(
            f"{name} has {x.dtype} {tuple(x.shape)}, which the model does not take: {error}"
        ) from error
