"""Where a network looks: the maps of its stages, and Grad-CAM.

Source: Selvaraju et al., Grad-CAM: visual explanations from deep networks via gradient-based
localization, 2017.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated, TypeAlias

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from coursekit.arguments import tensor
from coursekit.contracts import Images, checks_arguments
from coursekit.models.forward import called

__all__ = ["grad_cam", "stages"]

Classes: TypeAlias = Annotated[Tensor, partial(tensor, axes="(N,)", real=True)]


@checks_arguments
def grad_cam(
    model: nn.Module, images: Images, layer: nn.Module, classes: Classes | None = None
) -> Tensor:
    """Return where each image speaks for its class: (N, H, W), from 0 to 1 at the strongest place.

    images: (N, 3, H, W), as the model takes them. layer: its last convolutional stage, whose maps
    (N, C, h, w) are weighted by the mean gradient of the class's score. classes: (N,) int64, or
    those that the model calls. An image in which nothing speaks for its class gets zeros. The model
    is left as it was. Source: Selvaraju et al., equations 1 and 2.
    Raises ValueError where the model has no such layer, or does not take the images.
    """
    if not any(part is layer for part in model.modules()):
        raise ValueError(f"layer is a {type(layer).__name__}; expected one that is in the model")
    kept: list[Tensor] = []
    training = model.training
    handle = layer.register_forward_hook(lambda *call: kept.append(call[2]))  # (N, C, h, w)
    try:
        with torch.enable_grad():  # also for a caller who has switched gradients off
            # The images require one, so that there is a graph even where all weights are frozen.
            scores = called(model.eval(), images.detach().requires_grad_(), "images")
            classes = scores.argmax(dim=1) if classes is None else _checked(classes, scores)
            score = scores.gather(1, classes[:, None]).sum()  # images do not mix: each has its own
            (gradient,) = torch.autograd.grad(score, kept[0])  # (N, C, h, w)
    finally:
        handle.remove()
        model.train(training)
    weights = gradient.mean(dim=(2, 3), keepdim=True)  # (N, C, 1, 1)
    maps = (weights * kept[0].detach()).sum(dim=1, keepdim=True).relu()  # (N, 1, h, w)
    behind = getattr(model, "pads_behind", False)
    maps = _spread(maps, *images.shape[-2:], behind=behind)[:, 0]  # (N, H, W)
    # An image without heat is divided by a little instead of by 0: it stays 0.
    return maps / maps.amax(dim=(1, 2), keepdim=True).clamp(min=1e-12)


def _checked(classes: Tensor, scores: Tensor) -> Tensor:
    """Return the classes (N,) as int64, or raise: they are not places in the scores (N, count)."""
    N, count = scores.shape
    whole = not classes.is_floating_point()
    if len(classes) != N or not whole or not 0 <= classes.min() <= classes.max() < count:
        raise ValueError(
            f"classes is {classes.tolist()}; expected {N} whole numbers from 0 to {count - 1}"
        )
    return classes.long()


def _spread(maps: Tensor, H: int, W: int, *, behind: bool) -> Tensor:
    """Return the maps (N, 1, h, w) at the size of the image, each cell where it looked.

    A ResNet pads its strided layers by half their kernel, so cell i is centred on pixel i·stride:
    spread evenly, as tiles, the heat would lie half a cell too far down and to the right. Where a
    network pads one pixel less before, `behind`, it is centred on the last pixel of its tile.
    """
    h, w = maps.shape[-2:]
    if H % h or W % w:  # no whole stride, so no pixel to centre a cell on
        return F.interpolate(maps, (H, W), mode="bilinear", align_corners=False)
    size = (h - 1) * (H // h) + 1, (w - 1) * (W // w) + 1  # from the first centre to the last
    maps = F.interpolate(maps, size, mode="bilinear", align_corners=True)
    below, right = H - size[0], W - size[1]
    sides = (right, 0, below, 0) if behind else (0, right, 0, below)
    return F.pad(maps, sides, mode="replicate")


@checks_arguments
@torch.no_grad()
def stages(model: nn.Module, images: Images) -> dict[str, Tensor]:
    """Return what each direct part of the model gives, where that is a stack of maps (N, C, h, w).

    images: (N, C, H, W), as the model takes them. Maps of one pixel are left out. In order, so the
    last one is the last convolutional stage. The model is left in the mode that it was in.
    Raises ValueError where the model does not take the images.
    """
    kept: dict[str, Tensor] = {}
    # Copied, for a ReLU in place behind a stage would write over what it gave.
    handles = [
        part.register_forward_hook(lambda *call, name=name: kept.update({name: call[2].clone()}))
        for name, part in model.named_children()
    ]
    training = model.training
    try:
        called(model.eval(), images, "images")
    finally:
        for handle in handles:
            handle.remove()
        model.train(training)
    return {name: maps for name, maps in kept.items() if maps.dim() == 4 and maps[0, 0].numel() > 1}
