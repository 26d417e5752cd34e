"""The exercise of lesson 6 on the training loop and its three steps."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from coursekit.exercises.model import Explanation, FunctionExercise, Misconception
from coursekit.exercises.pick import Pick
from coursekit.exercises.telling.numbers import number


def train_linear(weight: Tensor, x: Tensor, labels: Tensor, rate: float, steps: int) -> Tensor:
    """Return the weight after `steps` steps of SGD on the mean cross-entropy of x @ weight.

    weight: (D, classes), left as it is. x: (N, D), all of it in each step. labels: (N,) int64.

    >>> x, labels = torch.tensor([[1.0]]), torch.tensor([0])
    >>> train_linear(torch.zeros(1, 2), x, labels, rate=1.0, steps=1)
    tensor([[ 0.5000, -0.5000]])
    """
    weight = weight.clone().requires_grad_()
    optimizer = torch.optim.SGD([weight], lr=rate)
    for _ in range(steps):
        loss = F.cross_entropy(x @ weight, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return weight.detach()


def _case(pick: Pick) -> tuple[Tensor, Tensor, Tensor, float, int]:
    N, D, classes = pick.integer(1, 3), pick.integer(1, 2), pick.integer(2, 3)
    x = pick.tensor(N, D, low=1, high=3)
    labels = torch.tensor([pick.integer(0, classes - 1) for _ in range(N)])
    weight = pick.tensor(D, classes, low=0, high=1)
    return weight, x, labels, pick.choice((0.5, 1.0, 0.25, 0.1)), pick.integer(1, 3)


def _gradient(weight: Tensor, x: Tensor, labels: Tensor, *, mean: bool = True) -> Tensor:
    errors = (x @ weight).softmax(dim=1) - F.one_hot(labels, weight.shape[1])
    return x.T @ errors / (len(x) if mean else 1)


def _by_formula(weight: Tensor, x: Tensor, labels: Tensor, rate: float, steps: int) -> Tensor:
    for _ in range(steps):
        weight = weight - rate * _gradient(weight, x, labels)
    return weight


def _with_a_module(weight: Tensor, x: Tensor, labels: Tensor, rate: float, steps: int) -> Tensor:
    model = torch.nn.Linear(*weight.shape, bias=False)
    model.weight.data.copy_(weight.T)
    for _ in range(steps):
        model.zero_grad()
        F.cross_entropy(model(x), labels).backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= rate * parameter.grad
    return model.weight.T


def _explain(
    index: tuple[int, int], weight: Tensor, x: Tensor, labels: Tensor, rate: float, steps: int
) -> Explanation:
    path, now = [], weight
    for _ in range(steps):
        slope = _gradient(now, x, labels)[index]
        path.append(f"{number(now[index])} − {number(rate)}·({number(slope)})")
        now = now - rate * _gradient(now, x, labels)
    said = ", then ".join(path)
    return Explanation(f"{said} = {number(now[index])}", {"weight": frozenset([index])})


def _loop(order: Callable[..., None]) -> Callable[..., Tensor]:
    """Return a training loop whose steps are taken as `order(optimizer, loss)` does."""

    def wrong(weight: Tensor, x: Tensor, labels: Tensor, rate: float, steps: int) -> Tensor:
        weight = weight.clone().requires_grad_()
        optimizer = torch.optim.SGD([weight], lr=rate)
        for _ in range(steps):
            order(optimizer, F.cross_entropy(x @ weight, labels))
        return weight.detach()

    return wrong


def _never_forgets(optimizer: torch.optim.Optimizer, loss: Tensor) -> None:
    loss.backward()
    optimizer.step()


def _forgets_too_late(optimizer: torch.optim.Optimizer, loss: Tensor) -> None:
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()


def _steps_first(optimizer: torch.optim.Optimizer, loss: Tensor) -> None:
    optimizer.step()
    optimizer.zero_grad()
    loss.backward()


def _descend(change: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Return a descent along `change(weight, x, labels, rate, steps)` in each step."""

    def wrong(weight: Tensor, x: Tensor, labels: Tensor, rate: float, steps: int) -> Tensor:
        for _ in range(steps):
            weight = weight - change(weight, x, labels, rate, steps)
        return weight

    return wrong


def _squared(weight: Tensor, x: Tensor, labels: Tensor) -> Tensor:
    weight = weight.clone().requires_grad_()
    wanted = F.one_hot(labels, weight.shape[1]).float()
    return torch.autograd.grad(F.mse_loss(x @ weight, wanted), weight)[0]


TRAIN = FunctionExercise(
    id="6.3",
    title="Three steps, again and again",
    minutes=8,
    reference=train_linear,
    examples=(
        (torch.zeros(1, 2), torch.ones(1, 1), torch.tensor([0]), 1.0, 1),
        (torch.zeros(1, 2), torch.ones(1, 1), torch.tensor([0]), 0.5, 2),
        (torch.zeros(1, 2), torch.ones(2, 1), torch.tensor([0, 0]), 0.5, 3),
    ),
    inputs=_case,
    any_numbers=False,
    alternatives=(_by_formula, _with_a_module),
    explain=_explain,
    signed=(),
    facts={
        "there is more than one step": lambda weight, x, labels, rate, steps: steps > 1,
        "there is more than one image": lambda weight, x, labels, rate, steps: len(x) > 1,
        "the rate is not 1": lambda weight, x, labels, rate, steps: rate != 1,
    },
    hints=(
        "Which three calls does every step make, and which of them fills weight.grad?",
        "weight.clone().requires_grad_() is a copy that autograd follows; "
        "torch.optim.SGD([copy], lr=rate) moves it.",
        "In the loop: loss = F.cross_entropy(x @ copy, labels), then forget, compute, move.",
        "optimizer.zero_grad(), loss.backward(), optimizer.step(). At the end, copy.detach().",
    ),
    reasons=(
        "backward adds to the gradients that are there, so they are forgotten before it; step "
        "uses what backward left. The loss is worked out anew in each step, since the weight has "
        "moved. The clone keeps the caller's weight as it was."
    ),
    misconceptions={
        "gradients that are never forgotten": Misconception(
            _loop(_never_forgets),
            "backward adds to what is in .grad: without zero_grad the second step uses the sum of "
            "both gradients.",
        ),
        "a weight that never moves": Misconception(
            _loop(_forgets_too_late),
            "What comes back is the weight that came in. Each round needs zero_grad, backward and "
            "step, in this order; what step has moved is returned.",
        ),
        "a step before its gradient": Misconception(
            _loop(_steps_first),
            "step uses what backward left: called first, it has nothing to use in the first round, "
            "and the last gradient is never used.",
        ),
        "the rate forgotten": Misconception(
            _descend(lambda weight, x, labels, rate, steps: _gradient(weight, x, labels)),
            "The gradient is multiplied by the rate before it is taken off.",
        ),
        "steps uphill": Misconception(
            _descend(lambda weight, x, labels, rate, steps: -rate * _gradient(weight, x, labels)),
            "The gradient points to where the loss grows; it is taken off the weight.",
        ),
        "the sum of the losses": Misconception(
            _descend(
                lambda weight, x, labels, rate, steps: (
                    rate * _gradient(weight, x, labels, mean=False)
                )
            ),
            "With a sum, N images make a step N times as long; the loss is their mean.",
        ),
        "one step only": Misconception(
            lambda weight, x, labels, rate, steps: _by_formula(weight, x, labels, rate, 1),
            "Forget, compute and move belong inside the loop, and are done `steps` times.",
        ),
        "the first gradient, used again and again": Misconception(
            lambda weight, x, labels, rate, steps: (
                weight - steps * rate * _gradient(weight, x, labels)
            ),
            "After a step the weight is another, and so is the gradient: work out loss and "
            "gradient inside the loop.",
        ),
        "a rate that is shared out over the steps": Misconception(
            _descend(
                lambda weight, x, labels, rate, steps: rate / steps * _gradient(weight, x, labels)
            ),
            "Each step has the whole rate.",
        ),
        "the squared error": Misconception(
            _descend(lambda weight, x, labels, rate, steps: rate * _squared(weight, x, labels)),
            "That is the descent on the squared distance from 0 and 1; F.cross_entropy goes by the "
            "probability of the true class.",
        ),
    },
)

EXERCISES = (TRAIN,)
