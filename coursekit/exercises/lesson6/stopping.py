"""The exercises of lesson 6 on when to stop training, and on the mode of a network in use."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from coursekit.exercises.model import (
    ChoiceExercise,
    Explanation,
    FunctionExercise,
    Misconception,
    cells,
)
from coursekit.exercises.pick import Pick
from coursekit.exercises.telling.numbers import number


def early_stopping(accuracies: Tensor, patience: int) -> Tensor:
    """Return (best, ran): the epoch whose weights are kept, and how many epochs were trained.

    accuracies: (E,), in percent, on the validation set after epochs 1, 2, 3 and so on.
    Training ends once `patience` epochs in a row were no better than the best before them, or
    after all E epochs. An equal accuracy is no better.

    >>> early_stopping(torch.tensor([70.0, 80.0, 79.0, 80.0, 90.0]), patience=2)
    tensor([2, 4])
    """
    best, ran = 1, 0
    for accuracy in accuracies.tolist():
        ran += 1
        if accuracy > accuracies[best - 1]:
            best = ran
        if ran - best == patience:
            break
    return torch.tensor([best, ran])


def _accuracies(pick: Pick) -> tuple[Tensor, int]:
    return pick.tensor(pick.integer(1, 7), low=80, high=84), pick.integer(1, 3)


def _explain_stop(index: tuple[int], accuracies: Tensor, patience: int) -> Explanation:
    best, ran = early_stopping(accuracies, patience).tolist()
    seen = ", ".join(number(value) for value in accuracies[:ran])
    if index[0] == 0:
        said = (
            f"of {seen} the largest, {number(accuracies[best - 1])}, comes first after epoch {best}"
        )
    elif ran - best == patience:
        since = "the next is" if patience == 1 else f"the next {patience} are"
        said = f"epoch {best} is the best, {since} no better, {best} + {patience}"
    else:
        said = f"patience {patience} is never used up, epochs trained"
    return Explanation(
        f"{said} = {(best, ran)[index[0]]}",
        {"accuracies": cells([best - 1] if index[0] == 0 else range(ran))},
    )


def _watch(
    *,
    better: Callable[[float, float], bool] = lambda now, best: now > best,
    late: int = 0,
    in_a_row: bool = True,
    against_last: bool = False,
) -> Callable[[Tensor, int], Tensor]:
    """Return early stopping with other rules for what is better, and for when it is enough."""

    def stop(accuracies: Tensor, patience: int) -> Tensor:
        values = accuracies.tolist()
        best, waited, ran = 0, 0, 1
        for epoch, value in enumerate(values[1:], start=1):
            ran = epoch + 1
            improved = better(value, values[epoch - 1 if against_last else best])
            if better(value, values[best]):
                best = epoch
            waited = (0 if in_a_row else waited) if improved else waited + 1
            if waited >= patience + late:
                break
        return torch.tensor([best + 1, ran])

    return stop


_right = _watch()


def _after_the_fact(accuracies: Tensor, patience: int) -> Tensor:
    return torch.tensor([int(accuracies.argmax()) + 1, int(_right(accuracies, patience)[1])])


def _one_less(accuracies: Tensor, patience: int) -> list[int]:
    best, ran = _right(accuracies, patience).tolist()
    return [best, ran - (ran - best == patience)]


def _best_value(accuracies: Tensor, patience: int) -> list[float]:
    best, ran = _right(accuracies, patience).tolist()
    return [float(accuracies[best - 1]), ran]


def _by_windows(accuracies: Tensor, patience: int) -> list[int]:
    values = accuracies.tolist()
    for ran in range(patience + 1, len(values) + 1):
        if max(values[: ran - patience]) >= max(values[ran - patience : ran]):
            seen = values[:ran]
            return [seen.index(max(seen)) + 1, ran]
    return [values.index(max(values)) + 1, len(values)]


STOPPING = FunctionExercise(
    id="6.6",
    title="When to stop",
    minutes=7,
    reference=early_stopping,
    examples=(
        (torch.tensor([80.0]), 1),
        (torch.tensor([80.0, 81.0, 80.0, 82.0]), 1),
        (torch.tensor([70.0, 80.0, 79.0, 80.0, 90.0]), 2),
        (torch.tensor([80.0, 79.0, 81.0, 80.0, 79.0, 84.0]), 2),
        (torch.tensor([80.12, 80.14, 80.13, 80.12]), 2),
    ),
    inputs=_accuracies,
    any_numbers=False,
    alternatives=(_right, _by_windows),
    explain=_explain_stop,
    signed=(),
    facts={
        "an accuracy comes twice": lambda accuracies, patience: (
            len(accuracies.unique()) < len(accuracies)
        ),
        "the patience is more than 1": lambda accuracies, patience: patience > 1,
        "there is more than one epoch": lambda accuracies, patience: len(accuracies) > 1,
    },
    hints=(
        "Which one number has to be remembered from epoch to epoch, so that the two results "
        "follow from it?",
        "Remember the place of the best accuracy so far. How many epochs in a row were no better?",
        "ran − best of them. Once that equals the patience, leave the loop with break.",
    ),
    reasons=(
        "The epochs since the best one are those in a row that were no better, so the best one's "
        "place is all there is to remember. What comes after the stop was never trained and "
        "cannot be looked at. The weights that are kept are the best ones, not the last."
    ),
    misconceptions={
        "the last weights instead of the best": Misconception(
            lambda accuracies, patience: _right(accuracies, patience)[[1, 1]],
            "By the time training stops, the last epochs were no better: go back to the best one.",
        ),
        "an equal accuracy taken for better": Misconception(
            _watch(better=lambda now, best: now >= best),
            "An equal accuracy is no better; it counts against the patience.",
        ),
        "a comparison with the epoch before": Misconception(
            _watch(against_last=True),
            "After a fall, a small rise is no news: compare with the best so far.",
        ),
        "bad epochs counted, in a row or not": Misconception(
            _watch(in_a_row=False),
            "A new best epoch starts the count again: only epochs in a row use up the patience.",
        ),
        "one epoch too many": Misconception(
            _watch(late=1),
            "With patience 1 the first epoch that is no better is the last one trained.",
        ),
        "a look into the future": Misconception(
            _after_the_fact,
            "The best of the whole list may come after the stop, in an epoch that was never "
            "trained.",
        ),
        "no stop at all": Misconception(
            lambda accuracies, patience: torch.tensor(
                [int(accuracies.argmax()) + 1, len(accuracies)]
            ),
            "Where the patience is used up, the epochs that follow are not trained.",
        ),
        "a stop at the best epoch": Misconception(
            lambda accuracies, patience: _right(accuracies, patience)[[0, 0]],
            "That an epoch was the best is known only after `patience` more of them were trained.",
        ),
        "the last epoch not counted": Misconception(
            _one_less,
            "The epoch that uses up the patience was trained too: count it.",
        ),
        "epochs numbered from 0": Misconception(
            lambda accuracies, patience: _right(accuracies, patience) - torch.tensor([1, 0]),
            "The first accuracy belongs to epoch 1.",
        ),
        "the smallest as the best": Misconception(
            _watch(better=lambda now, best: now < best),
            "A loss is better when it is smaller; an accuracy is better when it is larger.",
        ),
        "the best accuracy instead of its epoch": Misconception(
            _best_value,
            "To go back to the best weights you need to know when it was, not how good.",
        ),
    },
)

MODE = ChoiceExercise(
    id="6.9",
    title="The same image, three answers",
    minutes=2,
    question=(
        "A network with dropout and batch norm is saved after training, and loaded again. Asked "
        "about one and the same batch of images three times, it gives three different answers. "
        "What is missing?"
    ),
    options={
        "A": "torch.no_grad() around the questions",
        "B": "model.eval() before the questions",
        "C": "torch.manual_seed(0) before each question",
        "D": "optimizer.zero_grad() before each question",
        "E": "more training: the network is not sure yet",
    },
    answer="B",
    hints=(
        "Which layers do something else in training than in use?",
        "Dropout draws anew at each call, and batch norm uses the batch's own mean, as long as "
        "the network is in its training mode. A new network is in training mode.",
    ),
    reasons=(
        "A network that has just been built is in training mode, and loading weights does not "
        "change that. Dropout goes on dropping, and batch norm goes on measuring each batch and "
        "moving its running averages. model.eval() switches both; no_grad only saves memory."
    ),
    misconceptions={
        "the switch for gradients": Misconception(
            "A",
            "no_grad saves memory and time and changes no number: dropout still drops under it.",
        ),
        "the same dice each time": Misconception(
            "C",
            "The three answers would agree with one another and still lack half of the units.",
        ),
        "the gradients of an earlier step": Misconception(
            "D",
            "Gradients play no part in an answer: only weights and inputs do.",
        ),
        "a network in doubt": Misconception(
            "E",
            "However unsure, a network in eval mode gives the same numbers for the same images.",
        ),
    },
)

EXERCISES = (STOPPING, MODE)
