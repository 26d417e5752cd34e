"""The exercises of lesson 7 on fine-tuning: two learning rates, and a bug in the evaluation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from coursekit.exercises.lesson7.tiny import Tiny, any_widths, named
from coursekit.exercises.model import (
    ChoiceExercise,
    Explanation,
    FunctionExercise,
    Misconception,
)
from coursekit.exercises.pick import Pick
from coursekit.exercises.telling.numbers import number


def parameter_groups(model: nn.Module, head_rate: float, body_rate: float) -> list[dict]:
    """Return the groups for an optimiser: a list of dicts, each with "params" and "lr".

    model: its head is model.fc, the rest is the body; some of the body may be frozen. The head
    learns at head_rate, what else learns at body_rate; frozen parameters are in no group.

    >>> model = nn.Sequential()
    >>> model.body, model.fc = nn.Linear(5, 2), nn.Linear(2, 3)
    >>> groups = parameter_groups(model, 0.1, 0.01)
    >>> [(len(group["params"]), group["lr"]) for group in groups]
    [(2, 0.1), (2, 0.01)]
    """
    head, body = [], []
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            (head if name.startswith("fc.") else body).append(parameter)
    return [{"params": head, "lr": head_rate}, {"params": body, "lr": body_rate}]


NO_GROUP = -1  # no rate: 0 would be one, of a group that holds what is frozen


def _rates(
    answer: Callable[..., Any],
    widths: Tensor,
    frozen_tensors: int,
    head_rate: float,
    body_rate: float,
) -> list[float]:
    """Return the rate of each parameter; −1 for those that the optimiser does not hold."""
    model = Tiny(widths, 2)
    for parameter in list(model.parameters())[:frozen_tensors]:
        parameter.requires_grad = False
    groups = answer(model, head_rate, body_rate)
    optimizer = torch.optim.SGD(groups, lr=0)
    held = {id(p): group["lr"] for group in optimizer.param_groups for p in group["params"]}
    return [held.get(id(parameter), NO_GROUP) for parameter in model.parameters()]


def _model_and_rates(pick: Pick) -> tuple[Tensor, int, float, float]:
    body_rate = pick.choice([0.01, 0.02, 0.05])
    return any_widths(pick), 2 * pick.integer(0, 1), 10 * body_rate * pick.integer(1, 2), body_rate


def _explain(
    index: tuple[int, ...], widths: Tensor, frozen_tensors: int, head_rate: float, body_rate: float
) -> Explanation:
    name, _ = named(widths, 2, index[0])
    if index[0] < frozen_tensors:
        return Explanation(f"{name} is frozen and belongs in no group, which −1 stands for")
    part, rate = ("head", head_rate) if name.startswith("fc.") else ("body", body_rate)
    return Explanation(
        f"{name} belongs to the {part}: its rate, −1 where it is in no group, is {number(rate)}"
    )


def _identified(model: nn.Module, head_rate: float, body_rate: float) -> list[dict]:
    in_head = {id(p) for p in model.fc.parameters()}
    return [
        {"params": [p], "lr": head_rate if id(p) in in_head else body_rate}
        for p in model.parameters()
        if p.requires_grad
    ]


def _group(
    model: nn.Module, rate_of: Callable[[str, nn.Parameter], float | None], key: str = "lr"
) -> list[dict]:
    pairs = [(p, rate_of(name, p)) for name, p in model.named_parameters()]
    return [{"params": [p], key: rate} for p, rate in pairs if rate is not None]


def _by_part(
    model: nn.Module, head: float | None, body: float | None, frozen: float | None = None
) -> list[dict]:
    return _group(
        model,
        lambda name, p: (head if name[:3] == "fc." else body) if p.requires_grad else frozen,
    )


def _head_twice(model: nn.Module, head_rate: float, body_rate: float) -> list[dict]:
    return [
        {"params": list(model.parameters()), "lr": body_rate},
        {"params": list(model.fc.parameters()), "lr": head_rate},
    ]


RATES = FunctionExercise(
    id="7.8",
    title="Two learning rates",
    minutes=8,
    reference=parameter_groups,
    harness=_rates,
    examples=(),
    inputs=_model_and_rates,
    alternatives=(_identified,),
    explain=_explain,
    signed=(),
    any_numbers=False,
    facts={
        "a part of the body is frozen": lambda widths, frozen, head, body: frozen > 0,
        "nothing is frozen": lambda widths, frozen, head, body: frozen == 0,
    },
    hints=(
        "How can you tell, from its name in model.named_parameters(), where a parameter belongs?",
        'The head\'s names begin with "fc.". Collect two lists, and leave out what is frozen.',
        'Return [{"params": head, "lr": head_rate}, {"params": body, "lr": body_rate}].',
    ),
    reasons=(
        "The head starts from random numbers and has far to go; the body is nearly right, and "
        "large steps would undo what it knows. Each parameter stands in one group, or PyTorch "
        "refuses. Frozen ones stand in none: weight decay or momentum could still move them."
    ),
    misconceptions={
        "rates that are swapped": Misconception(
            lambda m, head, body: _by_part(m, body, head),
            "The head is new and takes the large rate; the body is nearly right.",
        ),
        "the head's rate for all": Misconception(
            lambda m, head, body: _by_part(m, head, head),
            "At the head's rate the body forgets what it knew; it gets a rate of its own.",
        ),
        "the body's rate for all": Misconception(
            lambda m, head, body: _by_part(m, body, body),
            "At the body's rate the head takes very long; it gets a larger one.",
        ),
        "the head alone": Misconception(
            lambda m, head, body: _by_part(m, head, None),
            "That is the linear probe; in fine-tuning the body learns too, slowly.",
        ),
        "the body alone": Misconception(
            lambda m, head, body: _by_part(m, None, body),
            "The head is in no group, so it stays random.",
        ),
        "frozen parameters in the body's group": Misconception(
            lambda m, head, body: _by_part(m, head, body, body),
            "An optimiser that holds them can still move them, by weight decay or momentum: leave "
            "out what has requires_grad = False.",
        ),
        "frozen parameters in a group with a rate of 0": Misconception(
            lambda m, head, body: _by_part(m, head, body, 0.0),
            "At a rate of 0 they stay, but the optimiser goes on holding them: a schedule may "
            "raise the rate. Leave out what has requires_grad = False.",
        ),
        "names that only begin like the head's": Misconception(
            lambda m, head, body: _group(
                m, lambda name, p: (head if "fc" in name else body) if p.requires_grad else None
            ),
            'Layers of the body may be called fc1 or fc2. The head\'s names begin with "fc.".',
        ),
        "the head in both groups": Misconception(
            _head_twice,
            "model.parameters() holds the head too, and no parameter may be in two groups.",
        ),
        "a rate under another name than lr": Misconception(
            lambda m, head, body: _group(
                m, lambda name, p: body if p.requires_grad else None, "learning_rate"
            ),
            'PyTorch reads the key "lr" and takes its default where that is missing.',
        ),
        "biases without a group": Misconception(
            lambda m, head, body: _group(
                m,
                lambda name, p: (
                    (head if name[:3] == "fc." else body)
                    if p.requires_grad and "bias" not in name
                    else None
                ),
            ),
            "Biases learn as well, in the group of their layer.",
        ),
        "the head's bias at the body's rate": Misconception(
            lambda m, head, body: _group(
                m,
                lambda name, p: (
                    (head if name == "fc.weight" else body) if p.requires_grad else None
                ),
            ),
            "The head is new as a whole, its bias too.",
        ),
    },
)

BUG = ChoiceExercise(
    id="7.9",
    title="Spot the bug",
    minutes=4,
    question=(
        "Every parameter is frozen, no optimiser runs, and yet the accuracy on the same pictures "
        "changes from call to call. Which line is to blame?"
    ),
    options={
        "A": "line 1, which should come after the loop",
        "B": "line 2, where model.eval() is missing before it",
        "C": "line 3, which should be inside torch.no_grad()",
        "D": "line 4, which needs a softmax first",
        "E": "line 5, which divides by the wrong number",
    },
    answer="B",
    hints=(
        "Which layers behave differently in train mode and in eval mode?",
        "In train mode batch norm takes mean and variance from the batch. What else does it do?",
        "It stores a running mean, and no gradient is needed for that. Which call stops it?",
    ),
    reasons=(
        "A network is in train mode until it is told otherwise. There, batch norm uses the batch's "
        "own mean and variance, so a picture's scores depend on its neighbours, and it updates its "
        "running mean at each call. Those are buffers, not parameters: freezing does not hold them."
    ),
    misconceptions={
        "the order of freezing": Misconception(
            "A", "Freezing earlier or later changes no number here: nothing takes a step."
        ),
        "no_grad for eval": Misconception(
            "C",
            "no_grad saves memory and time, and changes no result: batch norm goes on counting.",
        ),
        "probabilities for the largest score": Misconception(
            "D", "Softmax keeps the order, so the largest score stays the largest."
        ),
        "the size of the last batch": Misconception(
            "E", "The hits of all batches are divided by all labels, which is what accuracy is."
        ),
    },
)

EXERCISES = (RATES, BUG)
