"""Figures of colour pictures: classes, augmentations, what a network makes of one."""

from __future__ import annotations

from collections.abc import Callable

from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D
from torch import Tensor

from coursekit.contracts import Colour, Count, Named, Some, Stack, checks_arguments, one_each
from coursekit.data.folder_set import Pictures
from coursekit.figures.canvas import LessonFigure, pixels, size_text
from coursekit.figures.marks import INK

__all__ = ["augmentations", "colour_sheet", "layer_features", "named_pictures", "turned_digits"]


def colour(ax: Axes, image: Tensor, title: str = "") -> None:
    """Draw a colour picture (3, H, W): uint8 from 0 to 255, or float from 0 to 1."""
    ax.imshow(image.permute(1, 2, 0).numpy(), interpolation="nearest")
    ax.set_title(title, fontsize=9, color=INK)
    ax.set_xticks([])
    ax.set_yticks([])


@checks_arguments
def colour_sheet(data: Pictures, *, per_class: Count = 5, title: str) -> LessonFigure:
    """Return the first `per_class` pictures of each class, two classes in a row.

    data: pictures (N, 3, H, W) uint8 with their labels (N,).
    """
    side, label, top = 0.62, 0.92, 0.36  # inches: a picture, a class's name, the title
    rows = -(-len(data.classes) // 2)
    width, height = 2 * (label + per_class * side) + 0.1, rows * side + top
    figure = LessonFigure(figsize=(width, height))
    for place, name in enumerate(data.classes):
        column, row = divmod(place, rows)
        left = column * (label + per_class * side) + label
        bottom = (rows - 1 - row) * side
        figure.text((left - 0.08) / width, (bottom + side / 2) / height, name, ha="right",
                    va="center", fontsize=9, color=INK)  # fmt: skip
        for step, image in enumerate(data.images[data.labels == place][:per_class]):
            box = ((left + step * side) / width, bottom / height + 0.003,
                   (side - 0.04) / width, (side - 0.04) / height)  # fmt: skip
            ax = figure.add_axes(box)
            colour(ax, image)
            ax.axis("off")
    figure.suptitle(title, fontsize=10)
    return figure.described(f"{per_class} pictures of each of {', '.join(data.classes)}.")


@checks_arguments
def augmentations(
    image: Colour, transforms: Named[Callable[[Tensor], Tensor]], *, title: str, draws: Count = 4
) -> LessonFigure:
    """Return a row for each transform: what `draws` calls of it make of one picture (3, H, W).

    image: uint8 from 0 to 255, or float from 0 to 1. transforms: name -> a function of such an
    image to another of any size.
    """
    columns = 2
    rows = -(-len(transforms) // columns)
    side, label, head = 0.78, 0.24, 0.3  # inches: a picture, a line of text, the title
    width, height = columns * (draws * side + 0.25), rows * (side + label)
    figure = LessonFigure(figsize=(width, height + head))
    for place, (name, transform) in enumerate(transforms.items()):
        row, column = divmod(place, columns)
        left = column * (draws * side + 0.25) + 0.12
        top = (height - row * (side + label)) / (height + head)
        figure.text((left + 0.02) / width, top - 0.05 / figure.get_figheight(), name,
                    fontsize=9, color=INK, va="top")  # fmt: skip
        for draw in range(draws):
            bottom = (rows - row - 1) * (side + label) + 0.03
            box = ((left + draw * side) / width, bottom / figure.get_figheight(),
                   (side - 0.05) / width, (side - 0.05) / figure.get_figheight())  # fmt: skip
            colour(figure.add_axes(box), transform(image))
    figure.suptitle(title, fontsize=10, y=1 - 0.06 / (height + head), va="top")
    return figure.described(
        f"{title}: one picture under {len(transforms)} random transforms, {draws} draws each:",
        f"{', '.join(transforms)}.",
    )


TURNS = {
    "mirrored, left to right": Affine2D().scale(-1, 1),
    "half a turn": Affine2D().rotate_deg(180),
    "a turn by at most 15 degrees": Affine2D().rotate_deg(13),
    "a quarter turn": Affine2D().rotate_deg(90),
    "mirrored, top to bottom": Affine2D().scale(1, -1),
}


@checks_arguments
def turned_digits(letters: Some[str], digits: str = "2 6 9") -> LessonFigure:
    """Return the digits, and beside them each digit turned or mirrored in the ways of `TURNS`.

    letters: one for each way, under which a question asks for it. digits: apart by spaces.
    """
    one_each("letters", letters, len(TURNS), "turn")
    if not digits.strip():
        raise ValueError(f"digits is {digits!r}; expected some, such as '2 6 9'")
    figure = LessonFigure(figsize=(8.2, 1.2))
    figure.subplots_adjust(left=0.005, right=0.995, bottom=0.0, top=0.68, wspace=0.02)
    names = {"as written": Affine2D()} | {
        f"{letter}: {name}": turn
        for letter, (name, turn) in zip(letters, TURNS.items(), strict=True)
    }
    for ax, (name, turn) in zip(figure.subplots(1, len(names)), names.items(), strict=True):
        for place, digit in enumerate(digits.split()):
            path = TextPath((0, 0), digit, size=1)
            box = path.get_extents()
            middle = Affine2D().translate(-(box.x0 + box.x1) / 2, -(box.y0 + box.y1) / 2)
            moved = middle + turn + Affine2D().translate(0.9 * place, 0)
            ax.add_patch(PathPatch(path.transformed(moved), facecolor=INK, edgecolor="none"))
        ax.set(xlim=(-0.6, 2.4), ylim=(-0.75, 0.75), aspect="equal")
        ax.axis("off")
        head, _, tail = name.partition(", ")
        ax.set_title(f"{head},\n{tail}" if tail else _broken(head), fontsize=9, color=INK)
    return figure.described(f"the digits {digits}, {'; '.join(names)}.")


def _broken(title: str) -> str:
    words = title.split()
    half = (len(words) + 1) // 2
    return f"{' '.join(words[:half])}\n{' '.join(words[half:])}"


@checks_arguments
def layer_features(
    image: Colour, maps: Named[Stack], *, title: str, says: str, show: Count = 8
) -> LessonFigure:
    """Return a picture (3, H, W) and, in a row for each stage (C, h, w), its most varied maps.

    `show` maps of each stage, those with the largest standard deviation first.
    """
    rows = len(maps)
    height = 0.77 * rows + 0.4
    figure = LessonFigure(figsize=(8.3, height))
    grid = figure.add_gridspec(
        rows, show + 2, wspace=0.08, hspace=0.12, left=0.005, right=0.995, top=1 - 0.35 / height,
        bottom=0.01,
        width_ratios=[1.8, 0.95, *[1] * show],
    )  # fmt: skip
    colour(figure.add_subplot(grid[:, 0]), image, f"picture {size_text(image)}")
    for row, (name, stack) in enumerate(maps.items()):
        label = figure.add_subplot(grid[row, 1])
        label.axis("off")
        label.text(
            1, 0.5, f"{name}\n{size_text(stack)}", ha="right", va="center", fontsize=9, color=INK
        )
        spread = stack.flatten(1).std(dim=1)  # (C,)
        order = spread.argsort(descending=True)[:show]
        for column, channel in enumerate(order.tolist()):
            pixels(
                figure.add_subplot(grid[row, column + 2]), stack[channel], numbers=False, grid=False
            )
    figure.suptitle(title, fontsize=10, y=1 - 0.06 / height, va="top")
    return figure.described(says)


@checks_arguments
def named_pictures(
    images: Some[Colour], names: Some[str], *, title: str, columns: Count = 5
) -> LessonFigure:
    """Return colour pictures (3, H, W) of any size, each under its name, in rows of `columns`.

    names: one for each picture, of one line or two.
    """
    one_each("names", names, len(images), "of the images")
    columns = min(columns, len(images))
    rows, lines = -(-len(images) // columns), 1 + max(name.count("\n") for name in names)
    side, head = 1.5, 0.35  # inches: a picture, the title
    height = rows * (side + 0.17 * lines + 0.1) + head
    figure = LessonFigure(figsize=(max(4.0, (side + 0.12) * columns), height))
    grid = figure.subplots(rows, columns, squeeze=False).flatten()
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.01, wspace=0.05, hspace=0.17 * lines,
                           top=1 - (head + 0.17 * lines + 0.06) / height)  # fmt: skip
    for ax, image, name in zip(grid, images, names, strict=False):
        colour(ax, image, name)
    for ax in grid[len(images) :]:
        ax.axis("off")
    figure.suptitle(title, fontsize=10, y=1 - 0.06 / height, va="top")
    said = "; ".join(name.replace(":\n", ": ").replace("\n", ", ") for name in names)
    return figure.described(f"{title}: {said}.")
