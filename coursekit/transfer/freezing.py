"""What of a network learns, and how fast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from torch import Tensor, nn

from coursekit.arguments import instance, number, short
from coursekit.models.resnet import checked_classes

__all__ = [
    "freeze",
    "head_name",
    "keep_norm_frozen",
    "parameter_groups",
    "replace_head",
    "trainable",
]

Network = TypeVar("Network", bound=nn.Module)
NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)


def freeze(model: Network, *, except_: str | Sequence[str] = ()) -> Network:
    """Return the model, in which nothing learns but the parts that `except_` names.

    except_: one name or several, as in model.named_modules(): "fc", "layer4".
    Raises ValueError for a name that the model does not have.

    >>> model = freeze(nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 2)), except_="1")
    >>> [parameter.requires_grad for parameter in model.parameters()]
    [False, False, True, True]
    """
    if not isinstance(except_, (str, list, tuple)):
        raise TypeError(f"except_ is {short(except_)}; expected one name or a list of names")
    instance("model", model, nn.Module)
    learning = [_part(model, name) for name in ([except_] if isinstance(except_, str) else except_)]
    model.requires_grad_(False)
    for part in learning:
        part.requires_grad_(True)
    return model


def _part(model: nn.Module, name: str) -> nn.Module:
    parts = dict(model.named_modules())
    if not isinstance(name, str) or name not in parts or not name:
        top = ", ".join(child for child, _ in model.named_children())
        raise ValueError(f"except_ names {name!r}; expected a part of the model, such as {top}")
    return parts[name]


def head_name(model: nn.Module) -> str:
    """Return the name of the model's last fully connected layer.

    Raises ValueError where it has none.
    """
    parts = instance("model", model, nn.Module).named_modules()
    names = [name for name, part in parts if isinstance(part, nn.Linear)]
    if not names or not names[-1]:
        raise ValueError(
            f"model is a {type(model).__name__} without an nn.Linear inside; "
            "expected a network that ends in one"
        )
    return names[-1]


def replace_head(model: nn.Module, num_classes: int) -> nn.Linear:
    """Return the fresh head, which takes the place of the model's last fully connected layer.

    It learns, whether or not the old one did, and is on the same device.
    Raises ValueError for fewer than two classes, or a model without such a layer.

    >>> network = nn.Sequential(nn.Flatten(), nn.Linear(4, 3))
    >>> replace_head(network, 2), network[1].out_features
    (Linear(in_features=4, out_features=2, bias=True), 2)
    """
    checked_classes(num_classes, minimum=2)
    parent, _, last = head_name(model).rpartition(".")
    holder = model.get_submodule(parent)
    old = getattr(holder, last)
    head = nn.Linear(old.in_features, num_classes).to(old.weight)
    setattr(holder, last, head)
    return head


def trainable(model: nn.Module) -> list[nn.Parameter]:
    """Return the parameters that learn: what belongs into an optimiser.

    >>> sum(p.numel() for p in trainable(nn.Linear(4, 3)))
    15
    """
    parameters = instance("model", model, nn.Module).parameters()
    return [parameter for parameter in parameters if parameter.requires_grad]


def parameter_groups(
    model: nn.Module, *, head_rate: float, backbone_rate: float
) -> list[dict[str, Any]]:
    """Return an optimiser's groups: the head at its rate, all else that learns at a smaller one.

    Each group has a "name", "params" and "lr"; frozen parameters are in none.
    Raises ValueError for a rate below 0, or where nothing learns.

    >>> network = nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 2))
    >>> groups = parameter_groups(network, head_rate=0.1, backbone_rate=0.01)
    >>> [(group["name"], group["lr"]) for group in groups]
    [('head', 0.1), ('backbone', 0.01)]
    """
    for name, rate in (("head_rate", head_rate), ("backbone_rate", backbone_rate)):
        number(name, rate, minimum=0)
    if not trainable(model):
        raise ValueError("model is frozen throughout; expected a part that learns, as its head")
    head = trainable(model.get_submodule(head_name(model)))
    in_head = {id(parameter) for parameter in head}
    rest = [parameter for parameter in trainable(model) if id(parameter) not in in_head]
    groups = (("head", head, head_rate), ("backbone", rest, backbone_rate))
    return [{"name": name, "params": params, "lr": rate} for name, params, rate in groups if params]


def keep_norm_frozen(model: Network) -> Network:
    """Return the model, whose batch norm keeps to its stored mean and variance from now on.

    Also after model.train(): with few images, what a batch says about mean and variance is noise,
    and it would overwrite what the backbone learned. Its weights learn where they may.
    """
    for layer in instance("model", model, nn.Module).modules():
        if isinstance(layer, NORMS) and _stay_in_eval not in layer._forward_pre_hooks.values():
            layer.eval().register_forward_pre_hook(_stay_in_eval)
    return model


def _stay_in_eval(layer: nn.Module, _: tuple[Tensor, ...]) -> None:
    layer.eval()
