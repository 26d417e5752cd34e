"""The Python side of the explorer: its state, its picture, its page."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from IPython.display import display
from torch import Tensor

from coursekit import arguments
from coursekit.explorer import page
from coursekit.explorer.computing import computed
from coursekit.explorer.making import checked, whose
from coursekit.explorer.module import module
from coursekit.explorer.settings import (
    MODES,
    Choice,
    PairOf,
    as_bias,
    as_cursor,
    as_image,
    as_kernel,
    as_names,
    check_fit,
    from_bytes,
)
from coursekit.explorer.still import explored, story
from coursekit.figures import LessonFigure
from coursekit.kernels import KERNELS
from coursekit.machine import paths
from coursekit.machine.files import write_text
from coursekit.machine.settings import settled

__all__ = ["CONTROLS", "Explorer"]

HERE = Path(__file__).parent
CONTROLS = (
    "mode", "preset", "stride", "padding", "dilation", "draw", "predict", "play", "reset", "size",
)  # fmt: skip
STEPS = ("stride", "padding", "dilation")
PRESETS = {name: [list(row) for row in rows] for name, rows in KERNELS.items()}


class Explorer(anywidget.AnyWidget):
    """An image, a kernel and what the one makes of the other, to be moved over and changed.

    In a notebook it is a cell's value: first a picture for readers without a kernel, then the
    explorer itself. What a reader changes is in `image`, `kernel`, `stride` and so on, and
    setting them changes what the reader sees.
    """

    _esm = module()
    _css = HERE / "explorer.css"

    image_data = traitlets.CBytes().tag(sync=True)
    image_shape = traitlets.List().tag(sync=True)
    kernel_data = traitlets.CBytes().tag(sync=True)
    kernel_shape = traitlets.List().tag(sync=True)
    bias_data = traitlets.CBytes().tag(sync=True)
    stride = PairOf(1, minimum=1).tag(sync=True)
    padding = PairOf(0, minimum=0).tag(sync=True)
    dilation = PairOf(1, minimum=1).tag(sync=True)
    mode = Choice(MODES).tag(sync=True)
    cursor = traitlets.List(traitlets.Int(), [0, 0, 0]).tag(sync=True)
    hidden = traitlets.List(traitlets.Unicode()).tag(sync=True)
    predict = traitlets.Bool(False).tag(sync=True)
    presets = traitlets.Dict(PRESETS).tag(sync=True)
    maker = traitlets.Unicode("").tag(sync=True)

    @settled
    def __init__(
        self,
        image: Any,
        kernel: Any = None,
        *,
        bias: Any = None,
        stride: Any = None,
        padding: Any = 0,
        dilation: Any = 1,
        mode: str = "conv",
        hide: Sequence[str] = (),
        predict: bool = False,
        cursor: Sequence[int] = (0, 0, 0),
        by: Callable[..., Any] | None = None,
    ) -> None:
        """Take an image (H, W) or (C, H, W), a kernel (kH, kW) or (C, kH, kW) or with C_out first.

        For `mode` "max" or "average" the kernel may be a window's size. The stride defaults to 1,
        and for pooling to the window. `hide` names controls of CONTROLS to leave out; `cursor` is
        (map, row, column) of the output, or (row, column). `by` is a function of the lesson that
        makes the same map, (x, kernel) -> map or (x, window, stride) -> map: picture, page and
        words say whose it is.

        Raises ValueError where an argument does not fit, saying what would.
        """
        Choice.validate(type(self).mode, self, mode)
        x = as_image(image)
        weight = as_kernel(kernel, x.shape[0], mode)
        default = 1 if mode == "conv" else list(weight.shape[2:])
        super().__init__(
            **_packed("image", x),
            **_packed("kernel", weight),
            bias_data=as_bias(bias, weight.shape[0]).numpy().tobytes(),
            stride=default if stride is None else stride,
            padding=padding,
            dilation=dilation,
            mode=mode,
            hidden=as_names(hide),
            predict=arguments.flag("predict", predict),
            cursor=as_cursor(cursor),
        )
        self._take(by)

    def __repr__(self) -> str:
        made = f" Made by {self.maker}." if self.maker else ""
        return f"Explorer: {self._picture(story)}{made} Run this cell to move the window."

    @property
    def image(self) -> Tensor:
        """The image (C, H, W) float32. Setting it takes (H, W) too."""
        return from_bytes(self.image_data, self.image_shape)

    @image.setter
    def image(self, image: Any) -> None:
        x = as_image(image)
        as_kernel(self.kernel, x.shape[0], self.mode)
        self._check(image_shape=x.shape)
        with self.hold_sync():  # shape and data reach the page together
            self.set_trait("image_shape", list(x.shape))
            self.image_data = x.numpy().tobytes()

    @property
    def kernel(self) -> Tensor:
        """The weights (C_out, C, kH, kW) float32. Setting them takes fewer axes, as `__init__`."""
        return from_bytes(self.kernel_data, self.kernel_shape)

    @kernel.setter
    def kernel(self, kernel: Any) -> None:
        weight = as_kernel(kernel, self.image_shape[0], self.mode)
        self._check(kernel_shape=weight.shape)
        with self.hold_sync():
            if len(weight) != self.kernel_shape[0]:  # the old bias belongs to other filters
                self.bias_data = as_bias(None, len(weight)).numpy().tobytes()
            self.kernel_shape = list(weight.shape)
            self.kernel_data = weight.numpy().tobytes()

    @property
    def bias(self) -> Tensor:
        """The bias (C_out,) float32. Setting it takes one a filter, or None."""
        return from_bytes(self.bias_data, (-1,))

    @bias.setter
    def bias(self, bias: Any) -> None:
        self.bias_data = as_bias(bias, self.kernel_shape[0]).numpy().tobytes()

    @property
    @settled
    def output(self) -> Tensor:
        """What comes out: (C_out, H_out, W_out), or (C, H_out, W_out) of a pool."""
        steps = {name: tuple(getattr(self, name)) for name in STEPS}
        return computed(self.mode, self.image, self.kernel, self.bias, **steps)

    def still(self) -> LessonFigure:
        """Return a picture of the explorer at rest, for paper and for readers without a kernel."""
        return self._picture(explored).by(self._by)

    def to_html(self, path: str | Path) -> Path:
        """Write the explorer as one HTML file that needs no kernel, no server and no network."""
        target = paths.to_write("path", path)
        still = self.still()
        picture = base64.b64encode(still.png()).decode()
        write_text(target, page.html_of(self._stored(), picture, still.description))
        return target

    def _take(self, by: Callable[..., Any] | None) -> None:
        data = {name: getattr(self, name) for name in ("mode", "image", "kernel", "bias")}
        steps = {name: tuple(getattr(self, name)) for name in STEPS}
        checked(by, self.output, **data, **steps)
        self._by, self.maker = by, whose(by)

    @traitlets.validate(*STEPS, "mode")
    def _fits(self, proposal: Any) -> Any:
        self._check(**{proposal["trait"].name: proposal["value"]})
        return proposal["value"]

    @traitlets.validate("cursor")
    def _a_place(self, proposal: Any) -> list[int]:
        return as_cursor(proposal["value"])

    @traitlets.validate("hidden")
    def _known_controls(self, proposal: Any) -> list[str]:
        unknown = [name for name in proposal["value"] if name not in CONTROLS]
        if unknown:
            raise ValueError(f"hide names {unknown[0]!r}; expected some of {', '.join(CONTROLS)}")
        return proposal["value"]

    def _check(self, **changed: Any) -> None:
        now = {
            name: changed.get(name, getattr(self, name))
            for name in ("image_shape", "kernel_shape", *STEPS, "mode")
        }
        check_fit(now.pop("image_shape"), now.pop("kernel_shape"), **now)

    def _stored(self) -> dict[str, Any]:
        return page.stored({name: getattr(self, name) for name in page.STATE})

    @settled
    def _picture(self, draw: Callable[..., Any]) -> Any:
        steps = {name: tuple(getattr(self, name)) for name in STEPS}
        out = self.output
        at = tuple(min(place, n - 1) for place, n in zip(self.cursor, out.shape, strict=True))
        how = {"mode": self.mode, "at": at, "predict": self.predict}
        return draw(self.image, self.kernel, out, **how, **steps)

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_()
        return {**data, "text/plain": repr(self)}, metadata

    def _ipython_display_(self, **_: Any) -> None:
        display(self.still())
        data, metadata = self._repr_mimebundle_()
        kept = {"coursekit-explorer": self._stored()}
        display(data, metadata={**metadata, **kept}, raw=True)


def _packed(name: str, tensor: Tensor) -> dict[str, Any]:
    return {f"{name}_data": tensor.numpy().tobytes(), f"{name}_shape": list(tensor.shape)}
