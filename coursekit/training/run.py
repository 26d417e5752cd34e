"""The state of one training run, and how it goes on from epoch to epoch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.optim import AdamW, Optimizer
from torch.optim.lr_scheduler import ConstantLR, LRScheduler, OneCycleLR

from coursekit.training.batching import batches, sizes
from coursekit.training.devices import random_state, set_random_state
from coursekit.training.history import Data, History, Scores
from coursekit.training.scoring import checked, evaluate
from coursekit.training.stopping import EarlyStopping
from coursekit.training.workers import Workers

__all__ = ["Run", "Settings"]


@dataclass(frozen=True)
class Settings:
    """What a run was asked for, apart from its model, its data and an optimizer of one's own.

    `fit` has checked each of them, and its docstring says what they are.
    """

    num_epochs: int
    batch_size: int
    learning_rate: float
    weight_decay: float
    label_smoothing: float
    augment: Callable[[Tensor], Tensor] | None
    early_stopping: EarlyStopping | None
    seed: int
    device: torch.device


class Run:
    """A model in training: its data, and what changes from step to step.

    train, validation: inputs (N, ...) float32 and labels (N,) int64.
    Raises ValueError where model, data, optimizer and settings do not fit together.
    """

    def __init__(
        self,
        model: nn.Module,
        train: Data,
        validation: Data | None,
        optimizer: Optimizer | None,
        settings: Settings,
        workers: Workers,
    ) -> None:
        if settings.early_stopping is not None and validation is None:
            raise ValueError("early_stopping needs validation; expected images held out for it")
        self.model, self.settings, self.workers = model, settings, workers
        self.train = checked("train", model, train, settings.device)
        self.validation = None
        if validation is not None:
            self.validation = checked("validation", model, validation, settings.device)
        alone = not any(isinstance(part, _BatchNorm) for part in model.modules())
        in_batches = sizes(len(train[1]), settings.batch_size, alone=alone)
        self.steps_per_epoch = len(in_batches)
        self.alone = alone  # whether a batch may be a single example
        self._enough_for_all(min(in_batches))
        if not alone and min(in_batches) == 1:
            _try_one(model, self.train[0][:1], settings.batch_size)
        self.optimizer, self.schedule = _optimizer(
            model, optimizer, settings, settings.num_epochs * self.steps_per_epoch
        )
        self.loss = nn.CrossEntropyLoss(label_smoothing=settings.label_smoothing)
        self.network = workers.network(model)  # what a step calls: the model, alone or with others
        # Of its own, so that neither dropout nor an augmentation changes the order of the batches.
        self.order = torch.Generator().manual_seed(settings.seed)
        self.history = History()
        self.best: dict[str, Tensor] = {}  # the weights of the best epoch, with early stopping

    def is_over(self) -> bool:
        """Return whether all epochs are done, or early stopping has ended the run."""
        return len(self.history) == self.settings.num_epochs or bool(self.history.stopped_epoch)

    def batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield the epoch's batches, shuffled: of each the part that this worker does."""
        return batches(
            *self.train, self.settings.batch_size, self.order,
            alone=self.alone, share=self.workers.share,
        )  # fmt: skip

    def augmented(self, x: Tensor) -> Tensor:
        """Return the batch as the model shall see it: (N, ...) -> (N, ...).

        Raises ValueError where the augmentation changed the shape.
        """
        if self.settings.augment is None:
            return x
        changed = self.settings.augment(x)
        if changed.shape != x.shape:
            raise ValueError(
                f"augment returned {tuple(changed.shape)} for a batch {tuple(x.shape)}; "
                "expected the same shape"
            )
        return changed

    def end_epoch(self, scores: Scores, seconds: float) -> None:
        """Write the epoch down, and ask early stopping whether it was the last.

        scores: of the training steps. With early stopping the weights of a best epoch are kept.
        """
        history, rule = self.history, self.settings.early_stopping
        history.loss.append(scores.loss)
        history.accuracy.append(scores.accuracy)
        history.seconds.append(seconds)
        if self.validation is not None:
            history.validation.append(self._validated())
        if rule is None:
            return
        accuracies = [scores.accuracy for scores in history.validation]
        history.best_epoch = rule.best_epoch(accuracies)
        if history.best_epoch == len(history):
            self.best = deepcopy(self.model.state_dict())  # state_dict shares the weights' memory
        # A run that ends with its last epoch anyway was not stopped.
        if rule.is_over(accuracies) and len(history) < self.settings.num_epochs:
            history.stopped_epoch = len(history)

    def _validated(self) -> Scores:
        """Return the scores on what was held out, of which each worker does its share."""
        if self.workers.size == 1:
            return evaluate(self.model, self.validation)
        self.workers.agree(self.model)
        own = tuple(part[self.workers.rank :: self.workers.size] for part in self.validation)
        count = len(own[1])
        loss, accuracy = evaluate(self.model, own)
        loss, accuracy, count = self.workers.total(loss * count, accuracy * count, count)
        return Scores(loss / count, accuracy / count)

    def _enough_for_all(self, smallest: int) -> None:
        """Raise ValueError where a batch, or what is held out, leaves a worker without examples."""
        size, each = self.workers.size, 1 if self.alone else 2
        if size > 1 and smallest < each * size:
            raise ValueError(
                f"batch_size is {self.settings.batch_size}, which leaves a batch of {smallest} of "
                f"{len(self.train[1])} examples; expected {each} for each of {size} workers at "
                "least"
            )
        if self.validation is not None and len(self.validation[1]) < size:
            raise ValueError(
                f"validation has {len(self.validation[1])} examples; "
                f"expected 1 for each of {size} workers at least"
            )

    def state(self) -> dict[str, object]:
        """Return all that a run needs to go on from here, as tensors and plain values.

        Random numbers too: an interrupted run shall end with the weights of one that was not.
        """
        return {
            "model": self.model.state_dict(),
            "best": self.best,
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
            "order": self.order.get_state(),
            "random": self.workers.gathered(random_state(self.settings.device)),  # by rank
            "history": self.history.plain(),
        }

    def restore(self, state: dict[str, object]) -> None:
        """Go back to a state of this run, as `state` returned it."""
        self.model.load_state_dict(state["model"])
        self.best = state["best"]
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        self.order.set_state(state["order"])
        random = state["random"]  # one for each worker, or a single one
        if isinstance(random, list):
            random = random[self.workers.rank]
        set_random_state(random, self.settings.device)
        self.history = History.of(state["history"])

    def finish(self) -> History:
        """Return the history; with early stopping, the model has its best weights from now on."""
        self.workers.agree(self.model)
        if self.best:
            self.model.load_state_dict(self.best)
        return self.history


def _try_one(model: nn.Module, x: Tensor, batch_size: int) -> None:
    """Raise ValueError where the model cannot train on a batch of one; it stays as it is."""
    try:
        with torch.no_grad():
            deepcopy(model).train()(x)
    except ValueError as error:
        raise ValueError(
            f"batch_size is {batch_size}, which makes batches of one example, and batch norm takes "
            "no mean of one; expected batches of at least 2"
        ) from error


def _optimizer(
    model: nn.Module, optimizer: Optimizer | None, settings: Settings, steps: int
) -> tuple[Optimizer, LRScheduler]:
    """Return Adam in one cycle; or the optimizer given, at the rate that it has."""
    learned = [p for p in model.parameters() if p.requires_grad]
    if not learned:
        raise ValueError("model has no parameters that require a gradient; nothing to train")
    if optimizer is None:
        # AdamW: in Adam, decay in the gradient would be divided by the gradient's own size.
        # Fused: all parameters in one call, a tenth of a small network's step on a CPU.
        adam = AdamW(
            learned, settings.learning_rate, weight_decay=settings.weight_decay, fused=True
        )
        return adam, OneCycleLR(adam, settings.learning_rate, total_steps=steps)
    if settings.weight_decay:
        raise ValueError("weight_decay and optimizer are both given; give the decay to the latter")
    held = {id(p) for group in optimizer.param_groups for p in group["params"]}
    if not any(id(p) in held for p in learned):
        raise ValueError(
            "optimizer holds none of the model's parameters; "
            "expected one made from model.parameters(), after the model was made"
        )
    return optimizer, ConstantLR(optimizer, factor=1.0)  # so that the loop steps one in any case
