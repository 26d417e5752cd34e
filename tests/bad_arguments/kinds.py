"""Of what kind an argument is, told by the values that it may not have."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st
from torch import nn

NAN, INFINITY = float("nan"), float("inf")
HUGE = 10**20
NO_KIND = [None, "three", b"3", object(), {}, {"a": 1}, [], lambda: 3, 1j]


def a_tensor(*shape):
    return torch.arange(1.0, 1 + torch.Size(shape).numel()).reshape(shape)


@dataclass(frozen=True)
class Kind:
    """What an argument may be, by values that it may not be."""

    bad: list[Any] = field(default_factory=list)
    no_kind: tuple[Any, ...] = tuple(NO_KIND)
    drawn: st.SearchStrategy | None = None  # more of them, without end

    def listed(self):
        return [*self.no_kind, *self.bad]

    def may_be(self, *fine):
        """Return the kind that these values of NO_KIND fit."""
        return replace(self, no_kind=tuple(bad for bad in self.no_kind if bad not in fine))


ANY_INTEGER = Kind([2.5, NAN, INFINITY, "3", True, (1,), a_tensor(2), np.ones(2)])


def whole(minimum, *too_large):
    low = minimum - 1
    return Kind([*ANY_INTEGER.bad, low, *too_large], drawn=st.integers(max_value=low))


def pair(minimum):
    low = minimum - 1
    return Kind(
        [2.5, NAN, True, (1, 2, 3), (low, 3), (3, low), (2.0, 2), HUGE, (HUGE, 2), (2, "2")]
    )


def real(*bad, low=None, infinite=False, tensors=False):
    bad = [NAN, "0.1", True, np.ones(2), [0.1], *bad] + ([] if tensors else [a_tensor(2)])
    bad += [] if infinite else [INFINITY, -INFINITY]
    return Kind(bad + ([] if low is None else [low, -1, -HUGE]))


def tensor(*ranks, bad=()):
    others = [a_tensor(*[2] * rank) for rank in range(6) if rank not in ranks]
    arrays = [3, 2.5, NAN, [[1.0, 2.0], [3.0, 4.0]], np.ones((2, 2))]
    return Kind([*arrays, *others, *bad])


FLAG = Kind([0, 1, 2.5, NAN, "no", a_tensor(1)])
NAME = Kind([3, "sobel z", NAN, ("sobel x",), a_tensor(2)])
TEXT = Kind([3, NAN, True, ("a",), a_tensor(2)]).may_be("three")
PATH = Kind([3, NAN, True, ("a",), "", a_tensor(2)]).may_be("three")
SEED = whole(0, HUGE)
AT_MOST_1 = real(-0.1, 1.1)
MODEL = Kind([3, nn.Linear, a_tensor(2, 2), [nn.Linear(2, 2)]])
FUNCTION = Kind([3, NAN, True, "relu"]).may_be(NO_KIND[-2])
INSTANCE = Kind([3, NAN, True, a_tensor(2), dict])


def drawable(*ranks, bad=()):
    """Return the kind of a tensor that is shown as pixels: of numbers, some, all finite."""
    empty = [torch.zeros([0] * rank) for rank in ranks if rank]
    strange = [torch.full([2] * rank, NAN) for rank in ranks]
    return tensor(*ranks, bad=[*empty, *strange, torch.ones([2] * ranks[0]) * 1j, *bad])


def among(*bad):
    """Return the kind of a list."""
    return Kind([3, NAN, True, (None,), {3}, *bad])


def named(*bad):
    """Return the kind of a mapping from names, which is not empty."""
    return Kind([3, NAN, True, a_tensor(2), [("a", 1)], {"a": None}, *bad])
