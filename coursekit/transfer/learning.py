"""Three ways to use a backbone on few images: cached features, a linear probe, fine-tuning."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from coursekit.arguments import LARGEST, integer, number, tensor
from coursekit.models.forward import called
from coursekit.models.resnet import checked_classes
from coursekit.training import Data, History, fit
from coursekit.training.devices import device_of
from coursekit.training.scoring import checked
from coursekit.transfer.freezing import keep_norm_frozen, parameter_groups

__all__ = ["cache_features", "fine_tune", "linear_probe"]

PENALTY = 0.01


@torch.no_grad()
def cache_features(model: nn.Module, images: Tensor, *, batch_size: int = 64) -> Tensor:
    """Return what the head sees of each image: (N, 3, H, W) -> (N, features), without gradients.

    images: float32, as `preprocess` returns them. The model is left in the mode that it was in.
    """
    if not callable(getattr(model, "features", None)):
        raise ValueError(f"model is a {type(model).__name__}; expected one with features(x)")
    integer("batch_size", batch_size, minimum=1, maximum=LARGEST)
    if len(tensor("images", images, "(N, 3, H, W)")) == 0:
        raise ValueError("images is empty; expected at least one")
    training = model.training
    model.eval()
    try:
        batches = images.split(batch_size)
        return torch.cat([called(model.features, x, "images").clone() for x in batches])
    finally:
        model.train(training)


def linear_probe(
    features: Tensor,
    labels: Tensor,
    *,
    num_classes: int | None = None,
    penalty: float = PENALTY,
    max_steps: int = 200,
) -> nn.Linear:
    """Return the head that tells the labels from the features: regularised logistic regression.

    features: (N, F) float32. labels: (N,) int64. penalty: weight of half the squared length of the
    weights, on features centred and scaled to variance 1 on average. The problem has one minimum,
    and L-BFGS finds it from zero: no seed, no rate, and the same head every time.
    Raises ValueError for data that does not fit together.
    """
    tensor("features", features, "(N, F)", real=True)
    tensor("labels", labels, "(N,)")
    if len(features) != len(labels) or len(labels) == 0 or not features.isfinite().all():
        raise ValueError(
            f"features is {tuple(features.shape)} and labels {tuple(labels.shape)}; "
            "expected (N, features), all finite, and (N,)"
        )
    if (
        labels.dtype != torch.int64
        or labels.min() < 0
        or (num_classes is None and not labels.any())
    ):
        raise ValueError(
            f"labels is {labels.dtype} from {labels.min()} to {labels.max()}; "
            "expected torch.int64, from 0 to a class of at least 1"
        )
    number("penalty", penalty, minimum=0)
    integer("max_steps", max_steps, minimum=1, maximum=LARGEST)
    least = max(2, int(labels.max()) + 1)
    num_classes = least if num_classes is None else checked_classes(num_classes, minimum=least)
    centre = features.mean(dim=0)
    scale = (features - centre).square().mean().sqrt().clamp_min(1e-6)
    head = _minimise((features - centre) / scale, labels, num_classes, penalty, max_steps)
    with torch.no_grad():  # the head takes the features as they are
        head.weight /= scale
        head.bias -= head.weight @ centre
    return head


def _minimise(
    x: Tensor, labels: Tensor, num_classes: int, penalty: float, max_steps: int
) -> nn.Linear:
    head = nn.utils.skip_init(nn.Linear, x.shape[1], num_classes)
    nn.init.zeros_(head.weight)
    nn.init.zeros_(head.bias)
    optimizer = torch.optim.LBFGS(
        head.parameters(), max_iter=max_steps, tolerance_grad=1e-6, line_search_fn="strong_wolfe"
    )

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = F.cross_entropy(head(x), labels) + penalty / 2 * head.weight.square().sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return head.requires_grad_(True)


def fine_tune(
    model: nn.Module,
    train: Data,
    *,
    validation: Data | None = None,
    num_epochs: int = 20,
    batch_size: int = 32,
    head_rate: float = 1e-3,
    backbone_rate: float = 1e-4,
    weight_decay: float = 1e-2,
    augment: Callable[[Tensor], Tensor] | None = None,
    seed: int = 0,
) -> History:
    """Return the history of training, in place, what learns: the head fast, the rest slowly.

    AdamW; both rates climb and fall again (one cycle). Batch norm keeps its statistics, from now
    on. augment: as for `training.fit`. The model is left in eval mode.
    """
    integer("num_epochs", num_epochs, minimum=1, maximum=LARGEST)
    integer("batch_size", batch_size, minimum=1, maximum=LARGEST)
    number("weight_decay", weight_decay, minimum=0)
    groups = parameter_groups(model, head_rate=head_rate, backbone_rate=backbone_rate)
    optimizer = torch.optim.AdamW(groups, weight_decay=weight_decay)
    rates = [group["lr"] for group in groups]
    checked("train", model, train, device_of(model))
    steps = num_epochs * -(-len(train[1]) // batch_size)
    cycle = torch.optim.lr_scheduler.OneCycleLR(optimizer, rates, total_steps=steps + 1)
    optimizer.register_step_post_hook(lambda *_: cycle.step())
    keep_norm_frozen(model)
    history = fit(
        model, train, validation=validation, num_epochs=num_epochs, batch_size=batch_size,
        optimizer=optimizer, augment=augment, seed=seed,
    )  # fmt: skip
    model.eval()
    return history
