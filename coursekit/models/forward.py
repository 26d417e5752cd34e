"""Calling a network on what a caller gave, with an error that names it."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

__all__ = ["called"]


def called(model: Callable[[Tensor], Tensor], x: Tensor, name: str) -> Tensor:
    """Return what the model makes of x, of whatever shape that is.

    x: a batch (N, ...). name: what the caller calls it, for the error.
    Raises ValueError with that name, the dtype and shape of x and PyTorch's own reason where the
    model takes no such x: a shape or a dtype that does not fit a layer somewhere inside.
    """
    try:
        return model(x)
    except RuntimeError as error:  # PyTorch's, which names no argument of the caller's
        raise ValueError(
            f"{name} has {x.dtype} {tuple(x.shape)}, which the model does not take: {error}"
        ) from error
