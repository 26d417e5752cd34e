"""The training loop."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from coursekit.contracts import (
    AtLeastOne,
    File,
    NotNegative,
    Positive,
    Seed,
    Share,
    checks_arguments,
)
from coursekit.machine.settings import settled
from coursekit.training.checkpoint import Checkpoint
from coursekit.training.devices import Device, find_device, seeded
from coursekit.training.history import Data, History
from coursekit.training.progress import Progress
from coursekit.training.run import Run, Settings
from coursekit.training.stopping import EarlyStopping
from coursekit.training.workers import Workers

__all__ = ["fit"]


@checks_arguments
@settled
def fit(
    model: nn.Module,
    train: Data,
    *,
    validation: Data | None = None,
    num_epochs: AtLeastOne = 2,
    batch_size: AtLeastOne = 128,
    learning_rate: Positive = 0.01,
    weight_decay: NotNegative = 0.0,
    label_smoothing: Share = 0.0,
    optimizer: torch.optim.Optimizer | None = None,
    augment: Callable[[Tensor], Tensor] | None = None,
    early_stopping: EarlyStopping | None = None,
    checkpoint: File | None = None,
    on_epoch: Callable[[History], object] | None = None,
    seed: Seed = 0,
    device: Device = "cpu",
) -> History:
    """Return the history of training the model, in place, by cross-entropy on logits.

    model: inputs (N, ...) -> logits (N, classes).
    train, validation: inputs (N, ...) float32 and labels (N,) int64, from 0 to classes - 1.
    optimizer: if None, Adam, whose rate climbs to `learning_rate` and falls to nothing again (one
        cycle), with `weight_decay` apart from the gradient; else it keeps its own rate.
    label_smoothing: the share of each label that is spread over all classes, in training alone, and
        so in the history's training loss; a network never asked to be certain gets more right.
    augment: takes each batch of inputs and returns it changed, for instance moved a little, in the
        same shape.
    early_stopping: ends the run where validation accuracy rises no more; the model then has the
        weights of its best epoch, and the history says which.
    checkpoint: a file that holds the run after each epoch. The same call takes an interrupted run
        up there, and ends with the weights that it would have had; a finished run is read back.
    on_epoch: a hook, called with the history after each epoch: `figures.LiveCurves()` draws it in
        the notebook. The progress bar is one too.
    seed: orders the batches, and all that is drawn at random in the run, dropout too.
    device: "cpu", "cuda", "mps", or "auto" for the fastest that is there. The model stays on it.

    Under `torchrun`, once its processes have joined, each takes its share of every batch, and all
    end with the same weights: those of one process, but for batch norm, whose means are of a share.

    Raises ValueError for what does not fit together, TrainingError where the loss is no number.
    Shows a progress bar, unless CI is set.
    """
    settings = Settings(
        num_epochs, batch_size, learning_rate, weight_decay, label_smoothing, augment,
        early_stopping, seed, find_device(device),
    )  # fmt: skip
    workers = Workers()
    with seeded(seed + workers.rank, settings.device):  # each drops out units of its own
        run = Run(model, train, validation, optimizer, settings, workers)
        file = Checkpoint(checkpoint, run)  # from here on the run is where the file left it
        with Progress(run) as progress:
            while not run.is_over():
                model.train()
                progress.begin_epoch()
                for x, y in run.batches():
                    logits = run.network(run.augmented(x))  # (N, classes)
                    loss = run.loss(logits, y)
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
