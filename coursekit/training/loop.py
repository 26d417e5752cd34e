"""The training loop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from coursekit.arguments import LARGEST, function, instance, integer, tensor
from coursekit.training.checkpoint import Checkpoint
from coursekit.training.devices import find_device, seeded
from coursekit.training.history import Data, History
from coursekit.training.progress import Progress
from coursekit.training.run import Run, Settings
from coursekit.training.stopping import EarlyStopping

__all__ = ["batches", "fit"]


def fit(
    model: nn.Module,
    train: Data,
    *,
    validation: Data | None = None,
    num_epochs: int = 2,
    batch_size: int = 128,
    learning_rate: float = 0.01,
    weight_decay: float = 0.0,
    optimizer: torch.optim.Optimizer | None = None,
    augment: Callable[[Tensor], Tensor] | None = None,
    early_stopping: EarlyStopping | None = None,
    checkpoint: str | Path | None = None,
    on_epoch: Callable[[History], object] | None = None,
    seed: int = 0,
    device: str | torch.device = "cpu",
) -> History:
    """Return the history of training the model, in place, by cross-entropy on logits.

    optimizer: if None, Adam, whose rate climbs to `learning_rate` and falls to nothing again (one
        cycle), with `weight_decay` apart from the gradient; else it keeps its own rate.
    augment: takes each batch of inputs and returns it changed, for instance moved a little.
    early_stopping: ends the run where validation accuracy rises no more; the model then has the
        weights of its best epoch, and the history says which.
    checkpoint: a file that holds the run after each epoch. The same call takes an interrupted run
        up there, and ends with the weights that it would have had; a finished run is read back.
    on_epoch: a hook, called with the history after each epoch: `figures.LiveCurves()` draws it in
        the notebook. The progress bar is one too.
    seed: orders the batches, and all that is drawn at random in the run, dropout too.
    device: "cpu", "cuda", "mps", or "auto" for the fastest that is there. The model stays on it.

    Raises ValueError for what does not fit together, TrainingError where the loss is no number.
    Shows a progress bar, unless CI is set.
    """
    if on_epoch is not None:
        function("on_epoch", on_epoch)
    settings = Settings(
        num_epochs, batch_size, learning_rate, weight_decay, augment, early_stopping, seed,
        find_device(device),
    )  # fmt: skip
    with seeded(seed, settings.device):
        run = Run(model, train, validation, optimizer, settings)
        file = Checkpoint(checkpoint, run)  # from here on the run is where the file left it
        with Progress(run) as progress:
            while not run.is_over():
                model.train()
                progress.begin_epoch()
                for x, y in batches(*run.train, batch_size, run.order):
                    logits = model(run.augmented(x))
                    loss = F.cross_entropy(logits, y)
                    run.optimizer.zero_grad()  # forget
                    loss.backward()  # compute
                    run.optimizer.step()  # move
                    run.schedule.step()
                    progress.count(loss, logits, y)
                run.end_epoch(progress.scores(), progress.seconds())
                file.store()
                for hook in filter(None, (progress.end_epoch, on_epoch)):
                    hook(run.history)
    return run.finish()


def batches(
    inputs: Tensor, labels: Tensor, batch_size: int, order: torch.Generator
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield (inputs, labels) of `batch_size` examples at a time, each example once, shuffled.

    >>> x, y = torch.arange(5.0), torch.arange(5)
    >>> [len(labels) for _, labels in batches(x, y, 2, torch.Generator())]
    [2, 2, 1]
    """
    count = len(tensor("labels", labels, "(N,)"))
    if len(tensor("inputs", inputs, "(N, ...)")) != count:
        raise ValueError(f"inputs has {len(inputs)} and labels {count}; expected as many")
    integer("batch_size", batch_size, minimum=1, maximum=LARGEST)
    instance("order", order, torch.Generator)
    for places in torch.randperm(count, generator=order).to(labels.device).split(batch_size):
        yield inputs[places], labels[places]
