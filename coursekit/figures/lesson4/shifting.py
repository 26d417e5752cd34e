"""Figures of a detector whose input moves: the response before and after pooling."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from matplotlib.axes import Axes
from torch import Tensor

from coursekit import ops
from coursekit.contracts import Count, Index, Matrix, Named, Some, checks_arguments
from coursekit.examples.face_detector import change, detect, scene
from coursekit.figures.canvas import LessonFigure, panels, pixels
from coursekit.figures.marks import ACCENT, BLUE, GRAY, GREEN, INK, outline

__all__ = ["detections", "shifted_detector"]

Pool: TypeAlias = Callable[[Tensor, int, int], Tensor]


@checks_arguments
def detections(images: Named[Matrix], responses: Named[Matrix]) -> LessonFigure:
    """Return each image (H, W) of ±1 beside its response, with the place of the peak framed.

    responses: (H_out, W_out) under the same names.
    """
    if images.keys() != responses.keys():
        raise ValueError(
            f"images has {', '.join(images)} and responses {', '.join(responses)}; "
            "expected the same names"
        )
    sizes = [tuple(map_.shape) for name in images for map_ in (images[name], responses[name])]
    figure, axes = panels(sizes, pixel=0.11, gap=0.3)
    said = []
    for (name, image), left, right in zip(images.items(), axes[::2], axes[1::2], strict=True):
        response = responses[name]
        row, column = divmod(int(response.argmax()), response.shape[1])
        pixels(left, image, title=name, kind="ink", grid=True)
        title = f"{response.max():g} at row {row}, column {column}"
        pixels(right, response, title=title, kind="signed", grid=True, numbers=False)
        outline(right, row, column, (1, 1))
        said.append(f"{name}: the response is {title}")
    return figure.described(f"{'; '.join(said)}; it is 0 everywhere else.")


@checks_arguments
def shifted_detector(
    shifts: Some[Index] = range(5),
    *,
    row: Index = 3,
    first: Index = 4,
    window: Count = 4,
    by: Pool = ops.max_pool2d,
) -> LessonFigure:
    """Return a face that moves right, the response to it, and the response max-pooled, by shift.

    Below, the change of both against the shift, for each place in the window to start from.
    The face starts at column `first`, the first pixel of a pooling window. by: pools by maximum,
    from (x, window, stride).
    """
    if len(shifts) < 2 or row > 7 or first + max(shifts) > 11 or window > 7:
        raise ValueError(
            f"shifts is {list(shifts)}, row {row}, first {first}, window {window}; expected two "
            "shifts or more, a row up to 7, first and shift together up to 11, a window up to 7"
        )
    figure = LessonFigure(figsize=(8.4, 6.6))
    grid = figure.add_gridspec(
        4, len(shifts), height_ratios=[14, 8, 10, 24], hspace=0.42, wspace=0.12,
        left=0.09, right=0.98, top=0.9, bottom=0.08,
    )  # fmt: skip
    rows = [[figure.add_subplot(grid[i, j]) for j in range(len(shifts))] for i in range(3)]
    for column, shift in enumerate(shifts):
        image = scene(row, first + shift)
        _draw_stack([axes[column] for axes in rows], image, shift, (by, window))
    for axes, name in zip(rows, ("input\n14×18", "response\n8×12", f"max pool\n{window}×{window}"),
                          strict=True):  # fmt: skip
        axes[0].set_ylabel(name, fontsize=9, rotation=0, ha="right", va="center")
    figure.suptitle(
        "The response moves with the face; the pooled map stands still until shift 4",
        fontsize=10, color=INK,
    )  # fmt: skip
    curves = changes(shifts, row=row, first=first, window=window, by=by)
    _draw_changes(figure.add_subplot(grid[3, :3]), shifts, curves, window)
    said = "; ".join(f"{name}: {_listed(values)}" for name, values in curves.items())
    figure.described(
        f"a face moved right by {_listed(shifts)} pixels, with its response and the response",
        f"after {window}×{window} max pooling. Change against the face at rest: {said}.",
    )
    return figure.by(by)


def changes(
    shifts: Sequence[int], *, row: int, first: int, window: int, by: Pool = ops.max_pool2d
) -> dict[str, list[float]]:
    """Return the change of the detector's maps against the shift, before and after pooling.

    Changes go from 0, none, to 1, all. shifts: pixels to the right. row and first: where the face
    stands at rest. window: of the max pooling, whose first columns are the multiples of it. by:
    pools by maximum, from (x, window, stride).
    """
    each = {}  # column at rest -> changes; a scene wider than the drawn one has room for all
    for start in range(first, first + window):
        rest = detect(scene(row, start, size=(14, 24)))
        moved = [detect(scene(row, start + shift, size=(14, 24))) for shift in shifts]
        before = [change(rest, other) for other in moved]
        pooled = by(rest, window, window)
        each[start] = [change(pooled, by(other, window, window)) for other in moved]
    return {
        "before pooling": before,
        "pooled, from a window's first column": each[first],
        "pooled, from a window's last column": each[first + window - 1],
        f"pooled, mean of the {window} starts": np.mean(list(each.values()), axis=0).tolist(),
    }


def _draw_stack(axes: Sequence[Axes], image: Tensor, shift: int, pool: tuple[Pool, int]) -> None:
    response, (by, window) = detect(image), pool
    pooled = by(response, window, window)
    top, middle, bottom = axes
    pixels(top, image, title=f"shift {shift}", kind="ink", grid=True)
    pixels(middle, response, kind="signed", numbers=False, grid=True)
    for edge in range(window, response.shape[1], window):
        middle.axvline(edge - 0.5, color=ACCENT, linewidth=1.4)
    for edge in range(window, response.shape[0], window):
        middle.axhline(edge - 0.5, color=ACCENT, linewidth=1.4)
    pixels(bottom, pooled, kind="signed", grid=True)


def _draw_changes(
    ax: Axes, shifts: Sequence[int], curves: Mapping[str, Sequence[float]], window: int
) -> None:
    styles = (("-", GRAY), ("s--", BLUE), ("^-.", ACCENT), ("D:", GREEN))
    widths = (6, 1.5, 1.5, 1.5)  # the first lies under the third
    for (name, values), (style, color), width in zip(curves.items(), styles, widths, strict=True):
        ax.plot(shifts, values, style, color=color, label=name, linewidth=width, clip_on=False)
    one = list(curves.values())[-1][1]
    ax.set_title(
        f"One pixel of shift changes the pooled map by {one:.2f} on average",
        fontsize=10, color=INK,
    )  # fmt: skip
    ax.set_xlabel("shift in pixels")
    ax.set_ylabel("change (0 none, 1 all)")
    ax.set_xticks(list(shifts))
    ax.set_ylim(-0.03, 1.05)
    ax.legend(frameon=False, fontsize=9, loc="center left", bbox_to_anchor=(1.0, 0.5))


def _listed(values: Sequence[float]) -> str:
    return ", ".join(f"{value:.3g}" for value in values)
