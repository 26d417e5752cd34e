"""Draws the arguments and results of a call as grids, cut down to what can be read."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import torch

from coursekit.exercises.judging.trials import Args, Trial
from coursekit.exercises.model import Explanation, FunctionExercise, Index
from coursekit.exercises.telling.blocks import Drawing, Grid

CELLS = 8
SLICES = 4


def draw(
    exercise: FunctionExercise,
    trial: Trial,
    explanation: Explanation | None,
    whose: str = "yours",
) -> Drawing:
    """Return the arguments with the cells that matter, what was expected, and what came back.

    whose: "yours", or of which program the result is.
    """
    index = trial.difference.index if trial.difference else None
    grids = arguments(exercise, trial.args, explanation)
    for position in trial.call.changed:
        grids += grids_of(f"{exercise.shown[position]} afterwards", trial.call.after[position])
    here = frozenset([index]) if index else frozenset()
    grids += grids_of("expected", trial.expected.tensor, window=here, near=index)
    if trial.got.tensor is not None:
        yours = whose if exercise.harness or whose != "yours" else "you returned"
        wrong = index if trial.difference and trial.difference.kind != "shape" else None
        grids += grids_of(yours, trial.got.tensor, near=index, wrong=wrong)
    return Drawing(tuple(grids))


def arguments(
    exercise: FunctionExercise, args: Args, explanation: Explanation | None = None
) -> list[Grid]:
    """Return the arguments as grids, with the cells that take part in an explanation."""
    taking_part = explanation.cells if explanation else {}
    grids: list[Grid] = []
    for name, value in zip(exercise.shown, args, strict=True):
        window = frozenset(taking_part.get(name, ()))
        grids += grids_of(name, value, window=window, signed=name in exercise.signed)
    return grids


def grids_of(
    name: str,
    value: Any,
    *,
    window: frozenset[Index] = frozenset(),
    wrong: Index | None = None,
    near: Index | None = None,
    signed: bool = False,
) -> list[Grid]:
    """Return a value as grids: one, or one for each slice of a tensor of more than two axes."""
    if not isinstance(value, torch.Tensor | int | float | list | tuple):
        return []
    tensor = torch.as_tensor(value).detach().double()  # a list of settings is a grid too
    fronts = list(product(*map(range, tensor.shape[:-2])))
    chosen = [front for front in fronts if near and near[: len(front)] == front] or fronts[:SLICES]
    names = {front: f"{name}[{', '.join(map(str, front))}]" for front in chosen}
    if len(fronts) == 1:
        names = {fronts[0]: name}
    drawn = [_slice(names[front], tensor, front, window, wrong, near, signed) for front in chosen]
    if len(fronts) == 1:
        return [replace(drawn[0], size=tuple(tensor.shape))]
    return drawn


def _slice(
    name: str,
    tensor: torch.Tensor,
    front: Index,
    window: frozenset[Index],
    wrong: Index | None,
    near: Index | None,
    signed: bool,
) -> Grid:
    depth = len(front)
    inside = frozenset(index[depth:] for index in window if index[:depth] == front)
    focus = near[depth:] if near else min(inside, default=None)
    plane = tensor[front]
    corner = _corner(tuple(plane.shape), focus)
    cut = plane[tuple(slice(start, start + CELLS) for start in corner)]
    hit = wrong is not None and wrong[:depth] == front
    return Grid(
        label=name,
        tensor=cut,
        size=tuple(plane.shape),
        window=frozenset(_shift(index, corner) for index in inside),
        wrong=_shift(wrong[depth:], corner) if hit and wrong is not None else None,
        signed=signed,
        note=_note(corner, tuple(cut.shape)) if cut.shape != plane.shape else "",
    )


def _corner(size: Index, focus: Index | None) -> Index:
    wanted = focus or (0,) * len(size)
    starts = zip(size, wanted, strict=False)
    return tuple(max(0, min(at - CELLS // 2, length - CELLS)) for length, at in starts)


def _shift(index: Index, corner: Index) -> Index:
    return tuple(at - start for at, start in zip(index, corner, strict=True))


def _note(corner: Index, shown: Index) -> str:
    spans = [f"{start}–{start + length - 1}" for start, length in zip(corner, shown, strict=True)]
    names = ("rows", "columns") if len(spans) == 2 else ("positions",)
    return ", ".join(f"{name} {span}" for name, span in zip(names, spans, strict=True))
