"""Says where a result goes wrong, where that is the same part of it on every input."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor

from coursekit.exercises.judging.trials import Trial

ENOUGH = 2  # inputs that have to show it
Part = Callable[[tuple[int, ...]], Tensor]
ENDS = {"first": 0, "last": -1}


def axis_word(axis: int, ndim: int) -> str:
    """Return what a slice along an axis is called.

    >>> axis_word(0, 1), axis_word(0, 2), axis_word(1, 2), axis_word(0, 3)
    ('number', 'row', 'column', 'slice')
    """
    return {1: ("number",), 2: ("row", "column")}.get(ndim, ("slice",) * ndim)[axis]


def slice_words(end: str, axis: int, ndim: int, name: str = "") -> str:
    """Return what the first or last slice along an axis is called, of a tensor with this name.

    >>> slice_words("last", 0, 2), slice_words("last", 1, 2, "x")
    ('the last row', 'the last column of x')
    >>> slice_words("first", 1, 4, "weight"), slice_words("last", 0, 3)
    ('weight[:, 0]', 'the last slice along axis 0')
    """
    if ndim > 2 and name:
        return f"{name}[{':, ' * axis}{ENDS[end]}]"
    along = f" along axis {axis}" if ndim > 2 else ""
    return f"the {end} {axis_word(axis, ndim)}{along}" + (f" of {name}" if name else "")


def part(size: tuple[int, ...], ends: Sequence[tuple[str, int]]) -> Tensor:
    """Return where the cells of these slices are, True there.

    >>> part((2, 2), [("last", 0)]).tolist()
    [[False, False], [True, True]]
    """
    mask = torch.zeros(size, dtype=torch.bool)
    for end, axis in ends:
        mask.movedim(axis, 0)[ENDS[end]] = True
    return mask


def where_wrong(trials: Sequence[Trial]) -> str:
    """Return in which slice alone the results are wrong, or ""."""
    return _told(trials, _only)


def where_right(trials: Sequence[Trial]) -> str:
    """Return in which slice alone the results are right, or ""."""
    return _told(trials, _all_but)


def _told(
    trials: Sequence[Trial], part_of: Callable[[Sequence[tuple[Tensor, Tensor]]], str]
) -> str:
    pairs = [(t.expected.tensor, t.got.tensor, t.scale) for t in trials if t.got.tensor is not None]
    if len(pairs) < len(trials) or any(w.shape != g.shape or not w.ndim for w, g, _ in pairs):
        return ""
    if len({wanted.ndim for wanted, _, _ in pairs}) != 1:
        return ""
    wrong = [~torch.isclose(g, w, rtol=1e-5, atol=1e-5 * at, equal_nan=True) for w, g, at in pairs]
    shown = [(mask, got) for mask, (_, got, _) in zip(wrong, pairs, strict=True) if mask.any()]
    return part_of(shown)


def _only(shown: Sequence[tuple[Tensor, Tensor]]) -> str:
    ndim = shown[0][0].ndim if shown else 0
    for ends, words in _slices(ndim):
        cells = [part(tuple(mask.shape), ends) for mask, _ in shown]
        inside = all(not (mask & ~cell).any() for (mask, _), cell in zip(shown, cells, strict=True))
        if inside and sum(bool((~cell).any()) for cell in cells) >= ENOUGH:
            still = all(not got[mask].any() for mask, got in shown)
            zeros = ", where it is 0" if still else ""
            return f"On every input tried, yours is right but for {words}{zeros}."
    return ""


def _all_but(shown: Sequence[tuple[Tensor, Tensor]]) -> str:
    ndim = shown[0][0].ndim if shown else 0
    for ends, words in _slices(ndim):
        cells = [part(tuple(mask.shape), ends) for mask, _ in shown]
        masks = [mask for mask, _ in shown]
        exact = [torch.equal(mask, ~cell) for mask, cell in zip(masks, cells, strict=True)]
        outside = not any((mask & cell).any() for mask, cell in zip(masks, cells, strict=True))
        if outside and sum(exact) >= max(ENOUGH, len(shown) / 4):
            return f"On every input tried, {words} of yours is right, and other numbers are not."
    return ""


def _slices(ndim: int) -> Iterator[tuple[list[tuple[str, int]], str]]:
    for end in ENDS:
        for axis in range(ndim):
            yield [(end, axis)], slice_words(end, axis, ndim)
    for end in ENDS if ndim == 2 else ():
        yield [(end, 0), (end, 1)], f"the {end} row and the {end} column"
