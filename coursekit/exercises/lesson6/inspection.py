"""What is looked at of a network that a learner built: its table of layers, and its behaviour."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from coursekit.exercises.model import Unreadable
from coursekit.models import count_parameters

BUDGET = 100_000
ENTRY = (
    "parameters over the budget of 100,000",
    "logits for each image",
    "rows of logits for a batch of three images",
    "tensors of parameters that get no gradient",
    "rows of three that already add up to 1",
    "rows of three that can hold no negative number",
    "wrong answers on 12 drawn images after a short training",
)
STEPS, RATES = 40, (0.01, 0.003)
ENOUGH = 2  # wrong answers that chance may leave
DRAWS = 8  # of fresh weights, to see whether an answer can be negative


def looking_at(look: Callable[[Any], Any]) -> Callable[..., Any]:
    """Return the harness that looks at the network which a function of num_classes returns."""

    def tried(function: Callable[[int], Any], num_classes: int) -> Any:
        model = function(num_classes)
        return model if model is None or model is ... else look(model)  # a gap stays one

    return tried


def layer_table(model: Any) -> Tensor | Unreadable:
    """Return a row for each layer that an image passes: channels, rows, columns, parameters.

    A dense layer's numbers count as channels of 1×1, flattened images as one row of numbers.
    A layer that does not fit what comes before it ends the table with zeros.
    """
    if not isinstance(model, nn.Sequential):
        return _no_network(model, "an nn.Sequential of twelve layers")
    rows, x = [], torch.zeros(2, 1, 28, 28)
    for layer in model:
        try:
            x = layer(x)
        except (RuntimeError, ValueError):
            rows.append([0, 0, 0, count_parameters(layer)])
            break
        sizes = [*x.shape[1:], 1, 1][:3] if len(x) == 2 else [0, 0, 0]
        rows.append([*sizes, count_parameters(layer)])
    return torch.tensor(rows)


def entry(model: Any) -> Tensor | Unreadable:
    """Return what the rules of the open challenge look at, in the order of `ENTRY`."""
    if not isinstance(model, nn.Module):
        return _no_network(model, "a network, an nn.Module,")
    images, labels = _shapes()
    try:
        answers = model(images[:3])
    except (RuntimeError, ValueError) as error:
        return Unreadable(f"It does not take images (3, 1, 28, 28): {str(error).splitlines()[0]}")
    if (problem := _no_logits(answers)) is not None:
        return problem
    over, silent = max(0, count_all(model) - BUDGET), _without_gradient(model, answers)
    sums = _rows_of_probabilities(answers)
    clipped, wrong = 0, 0
    if answers.shape[0] == 3 <= answers.shape[1] and not (over or silent or sums):
        clipped, wrong = _trial(model, images, labels)  # there are three kinds of drawn image
    return torch.tensor([over, answers.shape[1], len(answers), silent, sums, clipped, wrong])


def _no_logits(answers: Any) -> Unreadable | None:
    """Return what is wrong with what came back for three images; None where it may be logits."""
    wanted = "where logits (3, num_classes) are expected"
    if answers is None:
        return Unreadable(f"Its forward returned None, {wanted}: is the return missing?")
    if not isinstance(answers, Tensor):
        return Unreadable(f"It gives an object of type {type(answers).__name__}, {wanted}.")
    size = tuple(answers.shape)
    if answers.dtype == torch.int64:
        return Unreadable(
            f"It gives whole numbers, shape {size}, {wanted}: argmax belongs to the evaluation."
        )
    if len(size) > 2:
        return Unreadable(f"For three images it gives {size}, {wanted}: is it flattened?")
    if len(size) < 2:
        return Unreadable(f"For three images it gives {size}, {wanted}.")
    return None


def _rows_of_probabilities(answers: Tensor) -> int:
    """Return how many rows add up to 1: all, or none. One row of logits may, by chance."""
    sums = answers.sum(dim=1)
    ones = torch.isclose(sums, torch.ones_like(sums))
    return len(answers) if bool(ones.all()) else 0


def count_all(model: nn.Module) -> int:
    """Return how many numbers the model holds as parameters, frozen ones included."""
    return sum(parameter.numel() for parameter in model.parameters())


def _no_network(value: Any, wanted: str) -> Unreadable:
    if isinstance(value, type):
        return Unreadable("It returned a class: is a pair of parentheses missing?")
    kind = type(value).__name__
    return Unreadable(f"It returned an object of type {kind}, where {wanted} is expected.")


def _shapes() -> tuple[Tensor, Tensor]:
    """Return 12 dark images: a bright upright line, a level line or a block, equally bright."""
    images = torch.full((12, 1, 28, 28), -0.8)
    for k in range(4):
        images[3 * k, 0, :, 5 + 5 * k] = 2.0
        images[3 * k + 1, 0, 5 + 5 * k, :] = 2.0
        images[3 * k + 2, 0, 3 + 5 * k : 7 + 5 * k, 4 + 4 * k : 11 + 4 * k] = 2.0
    return images, torch.arange(12) % 3


def _without_gradient(model: nn.Module, answers: Tensor) -> int:
    parameters = list(model.parameters())
    learned = [parameter for parameter in parameters if parameter.requires_grad]
    if not learned:
        return len(parameters)
    found = torch.autograd.grad(answers.square().sum(), learned, allow_unused=True)
    return len(parameters) - len(learned) + sum(gradient is None for gradient in found)


_TRIED: dict[object, tuple[int, int]] = {}


def _trial(model: nn.Module, images: Tensor, labels: Tensor) -> tuple[int, int]:
    """Return (rows without a negative number, wrong answers after training), of a network once.

    The same layers with the same settings are the same network.
    """
    key = tuple(type(module) for module in model.modules()), repr(model)
    if key not in _TRIED:
        with torch.random.fork_rng(devices=[]):
            clipped = _never_negative(model, images[:3])
            _TRIED[key] = clipped, 0 if clipped else _mistakes(model, images, labels)
    return _TRIED[key]


def _draw(model: nn.Module, seed: int) -> None:
    torch.manual_seed(seed)
    for module in model.modules():
        if hasattr(module, "reset_parameters"):
            module.reset_parameters()


def _never_negative(model: nn.Module, images: Tensor) -> int:
    lowest = torch.full((len(images),), float("inf"))
    for seed in range(DRAWS):
        _draw(model, seed)
        lowest = torch.minimum(lowest, model(images).detach().min(dim=1).values)
    return int((lowest >= 0).sum())


def _mistakes(model: nn.Module, images: Tensor, labels: Tensor) -> int:
    """Return how many of the images it was trained on it calls wrong, at the better rate."""
    wrong = []
    for seed, rate in enumerate(RATES):
        _draw(model, seed)
        optimizer = torch.optim.Adam(model.parameters(), lr=rate)
        for _ in range(STEPS):
            loss = F.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        wrong.append(int((model(images).argmax(dim=1) != labels).sum()))
        if wrong[-1] <= ENOUGH:
            return 0
    return min(wrong)
