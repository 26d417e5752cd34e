"""An epoch's batches: which examples come together, in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Annotated

import torch
from torch import Tensor

from coursekit.arguments import tensor
from coursekit.contracts import AtLeastOne, checks_arguments

__all__ = ["batches", "sizes"]


@checks_arguments
def batches(
    inputs: Annotated[Tensor, partial(tensor, axes="(N, ...)")],
    labels: Annotated[Tensor, partial(tensor, axes="(N,)")],
    batch_size: AtLeastOne,
    order: torch.Generator,
    *,
    alone: bool = True,
    share: Callable[[Tensor], Tensor] | None = None,
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield (inputs, labels) of `batch_size` examples at a time, each example once, shuffled.

    inputs: (N, ...), labels: (N,); a batch is (batch_size, ...) and (batch_size,), the last one
    smaller where N does not divide. order: the random numbers that shuffle, on the CPU.
    alone: whether the last batch may be a single example; if not, it joins the one before, for
        batch norm takes no mean of one.
    share: takes a batch's places in the data, int64 (batch_size,), and returns those to yield.
    Raises ValueError where there are not as many labels as inputs.

    >>> x, y = torch.arange(5.0), torch.arange(5)
    >>> [len(labels) for _, labels in batches(x, y, 2, torch.Generator())]
    [2, 2, 1]
    """
    count = len(labels)
    if len(inputs) != count:
        raise ValueError(f"inputs has {len(inputs)} and labels {count}; expected as many")
    # Drawn on the CPU, so that a seed gives the same order whatever device the data is on.
    places_of_all = torch.randperm(count, generator=order).to(labels.device)
    for places in places_of_all.split(sizes(count, batch_size, alone=alone)):
        if share is not None:
            places = share(places)
        yield inputs[places], labels[places]


def sizes(count: int, batch_size: int, *, alone: bool = True) -> list[int]:
    """Return how many examples are in each batch; not alone: a last one joins those before it.

    >>> sizes(5, 2), sizes(5, 2, alone=False), sizes(1, 2, alone=False)
    ([2, 2, 1], [2, 3], [1])
    """
    whole, rest = divmod(count, batch_size)
    found = [batch_size] * whole + ([rest] if rest else [])
    if not alone and rest == 1 and whole:
        found[-2:] = [batch_size + 1]
    return found
