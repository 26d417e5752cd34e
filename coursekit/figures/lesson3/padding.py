"""Figures of what padding, stride and dilation do to rows and columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import compress, product
from typing import Annotated, Any, Literal, TypeAlias

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from torch import Tensor
from torch.nn import functional as F

from coursekit import kernels, ops, shapes
from coursekit.arguments import integer
from coursekit.contracts import Count, Length, Matrix, Some, checks_arguments
from coursekit.figures.canvas import LessonFigure, panels, pixels, size_text
from coursekit.figures.marks import ACCENT, BLUE, INK, PADDING, SKY, UNREAD, outline

__all__ = ["padding_modes", "vanishing_borders", "window_settings"]

Mode: TypeAlias = Literal["zeros", "reflect", "replicate", "circular"]
Frame: TypeAlias = Annotated[int, partial(integer, minimum=3)]  # that Sobel's window leaves
Border: TypeAlias = Annotated[int, partial(integer, minimum=0, maximum=100)]
Correlation: TypeAlias = Callable[..., Tensor]  # (x, kernel) -> (H - kH + 1, W - kW + 1)
TORCH_MODES = {"zeros": "constant"}  # nn.Conv2d's name -> that of torch.nn.functional.pad


@checks_arguments
def vanishing_borders(
    image: Matrix, kernel: Count, layers: Count, *, by: Correlation = ops.corr2d
) -> LessonFigure:
    """Return image (H, W), from 0 to 1, with what each layer of kernel×kernel leaves of it framed.

    Beside it stands the last map, at the same pixel size. Each layer copies the middle of its
    window, so that only the lost border changes. by: what makes the maps, (x, kernel) -> map.
    """
    if layers * (kernel - 1) >= min(image.shape):
        raise ValueError(
            f"kernel is {kernel} and layers {layers}, which leaves nothing of {size_text(image)}; "
            "expected smaller ones"
        )
    copy = image.new_zeros(kernel, kernel)
    copy[kernel // 2, kernel // 2] = 1
    maps = [image]
    for _ in range(layers):
        maps.append(by(maps[-1], copy))  # (H - layer·(kernel - 1), W - layer·(kernel - 1))
    figure, axes = panels([tuple(image.shape), tuple(maps[-1].shape)], pixel=3.6 / max(image.shape))
    titles = f"input {size_text(image)}", f"after layer {layers}\n{size_text(maps[-1])}"
    for ax, shown, title in zip(axes, (image, maps[-1]), titles, strict=True):
        pixels(ax, shown, title=title, limits=(0, 1), numbers=False, grid=False)
    _nested_frames(axes[0], maps, kernel // 2)
    sizes = " → ".join(size_text(m) for m in maps)
    lost = 1 - maps[-1].numel() / image.numel()
    figure.described(
        f"a picture, and in it a frame around what each of {layers} layers with a kernel of "
        f"{kernel}×{kernel} leaves: {sizes}.",
        f"Each layer cuts off a border of {kernel // 2} pixels; {lost:.0%} are lost.",
    )
    return figure.by(by)


def _nested_frames(ax: Axes, maps: Sequence[Tensor], border: int) -> None:
    """Frame in the input what each layer leaves of it, with the layer's number in the corner."""
    for layer, left in enumerate(maps[1:], 1):
        at = layer * border
        outline(ax, at, at, tuple(left.shape), inset=0.04)
        ax.text(at + 0.1, at + 0.6, f"{layer}", ha="center", va="center", fontsize=9, color=INK,
                bbox={"facecolor": "white", "edgecolor": ACCENT, "pad": 1.4})  # fmt: skip


@checks_arguments
def padding_modes(
    image: Matrix, padding: Frame, modes: Some[Mode], *, by: Correlation = ops.corr2d
) -> LessonFigure:
    """Return image (H, W), from 0 to 1, padded in each mode, above the steps in gray found in it.

    modes: names of nn.Conv2d, "zeros", "reflect", "replicate" or "circular".
    The frame is where the image ends. Steps are the magnitude of Sobel's two maps.
    by: what makes these maps, (x, kernel) -> map.
    """
    if padding >= min(image.shape):
        raise ValueError(f"padding is {padding}; expected less than image, {size_text(image)}")
    padded = [_padded(image, padding, mode) for mode in modes]
    steps = [_steps(p, by) for p in padded]
    size = tuple(padded[0].shape)
    figure, axes = panels([size] * 2 * len(modes), pixel=1.7 / size[0], columns=len(modes), gap=0.3)
    ends = tuple(image.shape)
    for ax, shown, mode in zip(axes, padded, modes, strict=False):
        pixels(ax, shown, title=mode, limits=(0, 1), numbers=False, grid=False)
        outline(ax, padding, padding, ends)
    strengths = []
    for ax, shown, mode in zip(axes[len(modes) :], steps, modes, strict=True):
        strengths.append(f"{mode} {_along_the_border(shown, padding):.2f}")
        pixels(ax, shown, title=f"steps at the frame:\n{strengths[-1]}", kind="signed",
               limits=(-2, 2), numbers=False, grid=False)  # fmt: skip
    figure.described(
        f"a part of a picture with {padding} pixels of padding, and the steps in gray value",
        f"found in it. Mean step along the frame: {', '.join(strengths)}.",
    )
    return figure.by(by)


@checks_arguments
def window_settings(
    n: Count,
    kernel: Count,
    *,
    strides: Some[Count],
    paddings: Some[Border],
    dilations: Some[Count],
    pixel: Length = 0.108,
) -> LessonFigure:
    """Return an n×n input under a kernel×kernel window for each combination of settings.

    A dot is the middle of a window, squares are the taps of the first one. Padding is hatched
    with lines, rows and columns behind the last window with crosses. pixel: inches.

    Titles leave out a setting that is its default in every panel: a lesson draws strides before it
    has dilation.
    """
    cases = list(product(dilations, strides, paddings))
    if max(dilations) * (kernel - 1) >= n + 2 * min(paddings):
        raise ValueError(
            f"kernel is {kernel} and dilations {list(dilations)}, more than n, {n}, has room for"
        )
    sizes = [(n + 2 * p, n + 2 * p) for _, _, p in cases]
    columns = len(strides) * len(paddings)
    columns = columns if columns > 1 else len(dilations)
    figure, axes = panels(sizes, pixel=pixel, columns=columns, gap=0.21)
    said = []
    named = [set(strides) != {1}, set(paddings) != {0}, set(dilations) != {1}]
    for ax, (d, s, p) in zip(axes, cases, strict=True):
        how = {"stride": s, "padding": p, "dilation": d}
        size, lost = shapes.output_size(n, kernel, **how), shapes.left_over(n, kernel, **how)
        _window_plan(ax, n, shapes.taps(n, kernel, **how), p, lost)
        behind = f", leaves {lost}" if lost else ""
        parts = [f"s={s}", f"p={p}", f"d={d}"]
        title = " ".join(compress(parts, named if any(named) else (1, 1, 1)))
        ax.set_title(f"{title}\n{size}×{size}{behind}", fontsize=9, color=INK)
        said.append(f"stride {s}, padding {p}, dilation {d}: {size}×{size}, {lost} left behind")
    return figure.described(
        f"an input of {n}×{n} under a window of {kernel}×{kernel} taps, with", "; ".join(said) + "."
    )


def _window_plan(
    ax: Axes, n: int, taps: tuple[tuple[int, ...], ...], padding: int, lost: int
) -> None:
    """Draw one setting from above. taps: rows and columns that each window reads, along an axis."""
    low, high = -padding - 0.5, n + padding - 0.5  # edges; pixel 0 of the input has its middle at 0
    ax.set(xlim=(low, high), ylim=(high, low), xticks=[], yticks=[])
    ax.add_patch(_box(low, high, low, high, PADDING))  # all of it; the input is laid on top
    ax.add_patch(Rectangle((-0.5, -0.5), n, n, facecolor="white", edgecolor=INK, linewidth=1))
    for at in range(n - 1):
        ax.plot([at + 0.5] * 2, [-0.5, n - 0.5], color="#cccccc", linewidth=0.5)
        ax.plot([-0.5, n - 0.5], [at + 0.5] * 2, color="#cccccc", linewidth=0.5)
    if lost:
        ax.add_patch(_box(low, high, high - lost, high, UNREAD))
        ax.add_patch(_box(high - lost, high, low, high - lost, UNREAD))
    for row, column in product(taps[0], taps[0]):
        ax.add_patch(Rectangle((column - 0.4, row - 0.4), 0.8, 0.8, facecolor=SKY,
                               edgecolor=BLUE, linewidth=0.6))  # fmt: skip
    middles = [(reads[0] + reads[-1]) / 2 for reads in taps]
    places = list(product(middles, middles))
    ax.plot([x for x, _ in places], [y for _, y in places], "o", color=INK, markersize=2.6)


def _box(
    left: float, right: float, top: float, bottom: float, look: Mapping[str, Any]
) -> Rectangle:
    return Rectangle((left, top), right - left, bottom - top, linewidth=0, **look)


def _padded(image: Tensor, padding: int, mode: str) -> Tensor:
    sides = (padding,) * 4
    return F.pad(image[None, None], sides, mode=TORCH_MODES.get(mode, mode))[0, 0]


def _steps(image: Tensor, corr2d: Correlation) -> Tensor:
    across, down = (corr2d(image, kernels.kernel(f"sobel {axis}")) for axis in "xy")
    return (across**2 + down**2).sqrt()


def _along_the_border(steps: Tensor, padding: int) -> float:
    """Return the mean of the steps between padding and image, on all four sides.

    steps: one pixel smaller on each side than the padded image. A window of 3×3 sees both sides
    of the border from the last pixel of the padding and from the first of the image: a ring of two.
    """
    inner = steps[padding - 2 : 2 - padding or None, padding - 2 : 2 - padding or None]
    ring = inner.numel() - inner[2:-2, 2:-2].numel()
    return float((inner.sum() - inner[2:-2, 2:-2].sum()) / ring)
