"""What a stack of layers sees of its input, along one axis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from coursekit.arguments import integer, short

__all__ = ["Layer", "receptive_field", "seen_by"]


class Layer(NamedTuple):
    """A sliding window along one axis, in pixels: of a convolution or of a pooling."""

    kernel: int
    stride: int = 1
    dilation: int = 1
    padding: int = 0


def receptive_field(layers: Sequence[Layer]) -> int:
    """Return how many neighbouring pixels of the input one pixel of the last output depends on.

    layers: from the input upwards. Each adds dilation*(kernel - 1) steps, and a step is as long as
    the product of the strides below it. Padding has no part in it.
    Source: Araujo, Norris and Sim, Computing receptive fields of CNNs, Distill, 2019.
    Raises TypeError for what is no list of Layer, ValueError for a number out of range.

    >>> receptive_field([Layer(3), Layer(3)]), receptive_field([Layer(3, stride=2), Layer(3)])
    (5, 7)
    """
    field, step = 1, 1  # in pixels of the input: what is seen so far, and one layer's step
    for kernel, stride, dilation, _ in _checked(layers):
        field += dilation * (kernel - 1) * step
        step *= stride
    return field


def seen_by(layers: Sequence[Layer], at: int) -> range:
    """Return the pixels of the input that lie in the receptive field of pixel `at` of the output.

    Those below 0 or behind the input's last pixel are padding. Raises as `receptive_field` does.

    >>> seen_by([Layer(3, padding=1), Layer(3, stride=2)], 1)
    range(1, 6)
    """
    first = last = integer("at", at)  # of the output; from here down, layer by layer
    for kernel, stride, dilation, padding in reversed(list(_checked(layers))):
        first = first * stride - padding
        last = last * stride - padding + dilation * (kernel - 1)
    return range(first, last + 1)


def _checked(layers: Sequence[Layer]) -> Iterator[Layer]:
    """Yield each layer with all four fields, or raise: which layer does not fit, and why."""
    if not isinstance(layers, (list, tuple)):
        raise TypeError(f"layers is {short(layers)}; expected a list of Layer")
    for place, layer in enumerate(layers):
        if not isinstance(layer, Layer):
            raise TypeError(f"layers[{place}] is {short(layer)}; expected a Layer")
        yield Layer(
            *(
                integer(f"{field} of layers[{place}]", value, minimum=int(field != "padding"))
                for field, value in layer._asdict().items()
            )
        )
