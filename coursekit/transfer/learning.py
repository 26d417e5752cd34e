"""Three ways to use a backbone on few images: cached features, a linear probe, fine-tuning."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from coursekit.arguments import integer, tensor
from coursekit.contracts import AtLeastOne, NotNegative, Seed, checks_arguments
from coursekit.models.forward import called
from coursekit.models.resnet import MOST_CLASSES
from coursekit.training import Data, History, fit
from coursekit.training.devices import device_of
from coursekit.training.scoring import checked
from coursekit.transfer.freezing import keep_norm_frozen, parameter_groups
from coursekit.transfer.preprocessing import Batch

__all__ = ["cache_features", "fine_tune", "linear_probe"]

PENALTY = 0.01  # of standardised features, so that it means the same for every backbone


@checks_arguments
@torch.no_grad()  # the backbone is frozen: its activations need not be kept for a backward pass
def cache_features(model: nn.Module, images: Batch, *, batch_size: AtLeastOne = 64) -> Tensor:
    """Return what the head sees of each image: (N, 3, H, W) -> (N, features), without gradients.

    images: float32, as `preprocess` returns them. The model is left in the mode that it was in.
    Raises ValueError for no images, a model without features(x), or one that takes no such images.
    """
    if not callable(getattr(model, "features", None)):
        raise ValueError(f"model is a {type(model).__name__}; expected one with features(x)")
    if len(images) == 0:
        raise ValueError("images is empty; expected at least one")
    training = model.training
    model.eval()
    try:
        batches = images.split(batch_size)  # not all at once: the maps inside are far larger
        return torch.cat([called(model.features, x, "images").clone() for x in batches])
    finally:
        model.train(training)


@checks_arguments
def linear_probe(
    features: Annotated[Tensor, partial(tensor, axes="(N, F)", real=True)],
    labels: Annotated[Tensor, partial(tensor, axes="(N,)")],
    *,
    num_classes: int | None = None,
    penalty: NotNegative = PENALTY,
    max_steps: AtLeastOne = 200,
) -> nn.Linear:
    """Return the head that tells the labels from the features: regularised logistic regression.

    The head: (N, F) -> logits (N, num_classes), for features as they are given.
    features: (N, F) float32. labels: (N,) int64, from 0. num_classes: by default one more than the
    largest label. penalty: weight of half the squared length of the weights, on features centred
    and scaled to variance 1 on average. The problem has one minimum, and L-BFGS finds it from zero:
    no seed, no rate, and the same head every time.
    Raises ValueError for data that does not fit together.

    >>> head = linear_probe(torch.tensor([[-1.0], [0.0], [2.0], [3.0]]), torch.tensor([0, 0, 1, 1]))
    >>> head(torch.tensor([[-5.0], [5.0]])).argmax(dim=1).tolist()
    [0, 1]
    """
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
    least = max(2, int(labels.max()) + 1)
    num_classes = least if num_classes is None else num_classes
    integer("num_classes", num_classes, minimum=least, maximum=MOST_CLASSES)
    centre = features.mean(dim=0)  # (F,)
    # One scale for all features: one for each would blow up those that hardly vary.
    scale = (features - centre).square().mean().sqrt().clamp_min(1e-6)
    head = _minimise((features - centre) / scale, labels, num_classes, penalty, max_steps)
    with torch.no_grad():  # W (x - centre) / scale + b, written for x: the head takes it as it is
        head.weight /= scale  # (num_classes, F)
        head.bias -= head.weight @ centre  # with the new weight
    return head


def _minimise(
    x: Tensor, labels: Tensor, num_classes: int, penalty: float, max_steps: int
) -> nn.Linear:
    # Not even drawn: a probe leaves the learner's random numbers where they were.
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


@checks_arguments
def fine_tune(
    model: nn.Module,
    train: Data,
    *,
    validation: Data | None = None,
    num_epochs: AtLeastOne = 20,
    batch_size: AtLeastOne = 32,
    head_rate: NotNegative = 1e-3,
    backbone_rate: NotNegative = 1e-4,
    weight_decay: NotNegative = 1e-2,
    augment: Callable[[Tensor], Tensor] | None = None,
    seed: Seed = 0,
) -> History:
    """Return the history of training, in place, what learns: the head fast, the rest slowly.

    train, validation: inputs (N, 3, H, W) float32, as `preprocess` returns them, and labels (N,)
    int64. augment: takes each batch of inputs and returns it changed, as for `training.fit`.
    AdamW; both rates climb and fall again (one cycle). Batch norm keeps its statistics, from now
    on. The model is left in eval mode.
    Raises ValueError for a model that is frozen throughout, or data that it does not take.
    """
    groups = parameter_groups(model, head_rate=head_rate, backbone_rate=backbone_rate)
    optimizer = torch.optim.AdamW(groups, weight_decay=weight_decay)
    rates = [group["lr"] for group in groups]
    checked("train", model, train, device_of(model))  # before anything of the model is changed
    steps = num_epochs * -(-len(train[1]) // batch_size)  # rounded up: the last batch is smaller
    # One more than are taken: the rate falls to nothing behind the last step, not before it.
    cycle = torch.optim.lr_scheduler.OneCycleLR(optimizer, rates, total_steps=steps + 1)
    # fit lets an optimizer that it was given keep its rate; the cycle rides on the optimizer.
    optimizer.register_step_post_hook(lambda *_: cycle.step())
    keep_norm_frozen(model)
    history = fit(
        model, train, validation=validation, num_epochs=num_epochs, batch_size=batch_size,
        optimizer=optimizer, augment=augment, seed=seed,
    )  # fmt: skip
    model.eval()
    return history
