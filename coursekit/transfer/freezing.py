"""What of a network learns, and how fast."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any, TypeVar

from torch import Tensor, nn

from coursekit.arguments import instance, integer, short
from coursekit.contracts import NotNegative, checks_arguments
from coursekit.models.resnet import MOST_CLASSES

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
# One class cannot be told from anything.
Several = Annotated[int, partial(integer, minimum=2, maximum=MOST_CLASSES)]


def freeze(model: Network, *, except_: str | Sequence[str] = ()) -> Network:
    """Return the same model, in which nothing learns from now on but the parts that are named.

    except_: one name or several, as in model.named_modules(): "fc", "layer4".
    Raises ValueError for a name that the model does not have, and then changes nothing.

    >>> model = freeze(nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 2)), except_="1")
    >>> [parameter.requires_grad for parameter in model.parameters()]
    [False, False, True, True]
    """
    if not isinstance(except_, (str, list, tuple)):
        raise TypeError(f"except_ is {short(except_)}; expected one name or a list of names")
    instance("model", model, nn.Module)
    # Looked up before anything is frozen: a name that is wrong leaves the model as it was.
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


@checks_arguments
def head_name(model: nn.Module) -> str:
    """Return the name of the model's last fully connected layer, as in model.named_modules().

    Raises ValueError where it has none.

    >>> head_name(nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2), nn.Softmax(dim=1)))
    '2'
    """
    names = [name for name, part in model.named_modules() if isinstance(part, nn.Linear)]
    if not names or not names[-1]:  # "" is the model itself, in which nothing can be replaced
        raise ValueError(
            f"model is a {type(model).__name__} without an nn.Linear inside; "
            "expected a network that ends in one"
        )
    return names[-1]


@checks_arguments
def replace_head(model: nn.Module, num_classes: Several) -> nn.Linear:
    """Return the fresh head, which takes the place of the model's last fully connected layer.

    The head: (N, features) -> logits (N, num_classes), with weights drawn from PyTorch's random
    numbers. It learns, whether or not the old one did, and is on the same device.
    Raises ValueError for fewer than two classes, or a model without such a layer.

    >>> network = nn.Sequential(nn.Flatten(), nn.Linear(4, 3))
    >>> replace_head(network, 2), network[1].out_features
    (Linear(in_features=4, out_features=2, bias=True), 2)
    """
    parent, _, last = head_name(model).rpartition(".")
    holder = model.get_submodule(parent)
    old = getattr(holder, last)
    head = nn.Linear(old.in_features, num_classes).to(old.weight)  # of its device and dtype
    setattr(holder, last, head)
    return head


@checks_arguments
def trainable(model: nn.Module) -> list[nn.Parameter]:
    """Return the parameters that learn, in the model's order: what belongs into an optimiser.

    >>> sum(p.numel() for p in trainable(nn.Linear(4, 3)))
    15
    """
    return [parameter for parameter in model.parameters() if parameter.requires_grad]


@checks_arguments
def parameter_groups(
    model: nn.Module, *, head_rate: NotNegative, backbone_rate: NotNegative
) -> list[dict[str, Any]]:
    """Return an optimiser's groups: the head at its rate, all else that learns at a smaller one.

    Each group has a "name", "params" and "lr"; frozen parameters are in none.
    Raises ValueError for a rate below 0, or where nothing learns.

    >>> network = nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 2))
    >>> groups = parameter_groups(network, head_rate=0.1, backbone_rate=0.01)
    >>> [(group["name"], group["lr"]) for group in groups]
    [('head', 0.1), ('backbone', 0.01)]
    """
    if not trainable(model):
        raise ValueError("model is frozen throughout; expected a part that learns, as its head")
    head = trainable(model.get_submodule(head_name(model)))
    in_head = {id(parameter) for parameter in head}  # `in` would compare tensors by their numbers
    rest = [parameter for parameter in trainable(model) if id(parameter) not in in_head]
    groups = (("head", head, head_rate), ("backbone", rest, backbone_rate))
    return [{"name": name, "params": params, "lr": rate} for name, params, rate in groups if params]


def keep_norm_frozen(model: Network) -> Network:
    """Return the same model, whose batch norm keeps to its stored mean and variance from now on.

    Also after model.train(): with few images, what a batch says about mean and variance is noise,
    and it would overwrite what the backbone learned. Its weights learn where they may.
    """
    for layer in instance("model", model, nn.Module).modules():
        # A hook, for model.train() reaches every layer and would undo eval(); once is enough.
        if isinstance(layer, NORMS) and _stay_in_eval not in layer._forward_pre_hooks.values():
            layer.eval().register_forward_pre_hook(_stay_in_eval)
    return model


def _stay_in_eval(layer: nn.Module, _: tuple[Tensor, ...]) -> None:
    layer.eval()
