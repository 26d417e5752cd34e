"""What a learner sees while a model trains: a bar with loss and accuracy."""

from __future__ import annotations

import math
import time
from types import TracebackType

import torch
from torch import Tensor
from tqdm.auto import tqdm

from coursekit.machine.console import watched
from coursekit.training.history import History, Scores, TrainingError
from coursekit.training.run import Run

__all__ = ["Progress"]

STEPS_BETWEEN_LOOKS = 50  # a GPU has to be waited for each time that the loss is read


class Progress:
    """Counts the steps of a run and shows them as a bar; silent under CI, and but for one worker.

    Its `end_epoch` is a hook of `fit` like any other.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.bar = tqdm(
            total=run.settings.num_epochs * run.steps_per_epoch,
            initial=len(run.history) * run.steps_per_epoch,
            unit="step",
            disable=not watched() or run.workers.rank > 0,
        )

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.bar.close()

    def begin_epoch(self) -> None:
        """Count from nothing."""
        # Sums stay on the device as tensors: reading one would make the CPU wait for the GPU.
        self.began, self.steps, self.examples = time.perf_counter(), 0, 0
        self.loss = self.correct = torch.zeros((), device=self.run.settings.device)

    @torch.no_grad()
    def count(self, loss: Tensor, logits: Tensor, labels: Tensor) -> None:
        """Count a step. Raises TrainingError soon after the loss is no number any more.

        loss: (), the mean over the batch. logits: (N, classes). labels: (N,) int64.
        """
        self.loss = self.loss + loss * len(labels)  # a sum, for the last batch may be smaller
        self.correct = self.correct + (logits.argmax(dim=1) == labels).sum()  # ()
        self.steps += 1
        self.examples += len(labels)
        self.bar.update()
        if self.steps % STEPS_BETWEEN_LOOKS == 0:
            self._show(self.scores())

    def scores(self) -> Scores:
        """Return the means over the epoch's examples so far, those of all workers.

        Raises TrainingError where the loss is no finite number.
        """
        loss, correct, examples = self.run.workers.total(self.loss, self.correct, self.examples)
        loss /= examples
        if not math.isfinite(loss):
            raise TrainingError(
                f"the loss became {loss} in epoch {len(self.run.history) + 1}; "
                "try a learning rate ten times smaller, and look for NaN in the inputs"
            )
        return Scores(loss, correct / examples)

    def seconds(self) -> float:
        """Return the seconds since the epoch began."""
        return time.perf_counter() - self.began

    def end_epoch(self, history: History) -> None:
        """Show the last epoch of the history."""
        held_out = {"validation": history.validation[-1].accuracy} if history.validation else {}
        if history.stopped_epoch:
            self.bar.total = self.bar.n  # so that a bar in a notebook ends as one that is done
            stopped, best = history.stopped_epoch, history.best_epoch
            self.bar.set_description(f"stopped after epoch {stopped}, weights of epoch {best}")
        self._show(Scores(history.loss[-1], history.accuracy[-1]), **held_out)

    def _show(self, scores: Scores, **held_out: float) -> None:
        self.bar.set_postfix(loss=scores.loss, accuracy=scores.accuracy, **held_out)
