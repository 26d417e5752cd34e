"""The exercises of lesson 7 on what of a network learns: freeze, a new head, a count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor, nn

from coursekit.exercises.lesson7.tiny import Tiny, any_widths, named
from coursekit.exercises.model import Explanation, FunctionExercise, Misconception, Unreadable
from coursekit.exercises.pick import Pick


def freeze(model: nn.Module) -> None:
    """Freeze the model in place: only the parameters of its head, model.fc, go on learning.

    model: an nn.Module whose last layer is model.fc.

    >>> model = nn.Sequential()
    >>> model.body, model.fc = nn.Linear(5, 2), nn.Linear(2, 3)
    >>> freeze(model)
    >>> [parameter.requires_grad for parameter in model.parameters()]
    [False, False, True, True]
    """
    for parameter in model.parameters():
        parameter.requires_grad = False
    for parameter in model.fc.parameters():
        parameter.requires_grad = True


def _flags(answer: Callable[..., Any], widths: Tensor, classes: int) -> list[int]:
    model = Tiny(widths, classes)
    answer(model)
    return [int(parameter.requires_grad) for parameter in model.parameters()]


def _set(model: nn.Module, learns: Callable[[str], bool]) -> None:
    for name, parameter in model.named_parameters():
        parameter.requires_grad = learns(name)


def _by_name(model: nn.Module) -> None:
    _set(model, lambda name: name.startswith("fc."))


def _by_modules(model: nn.Module) -> nn.Module:
    model.requires_grad_(False)
    model.fc.requires_grad_(True)
    return model


def _all_but_the_last_tensor(model: nn.Module) -> None:
    for parameter in list(model.parameters())[:-1]:
        parameter.requires_grad = False


def _explain_flag(index: tuple[int, ...], widths: Tensor, classes: int) -> Explanation:
    name, _ = named(widths, classes, index[0])
    part, learns = ("head", "True = 1") if name.startswith("fc.") else ("body", "False = 0")
    said = f"parameter {index[0]}, {name}, belongs to the {part}: requires_grad is {learns}"
    return Explanation(said)


FREEZE = FunctionExercise(
    id="7.3",
    title="Freeze all but the head",
    minutes=6,
    reference=freeze,
    harness=_flags,
    examples=(),
    inputs=lambda pick: (any_widths(pick), pick.integer(2, 4)),
    alternatives=(_by_name, _by_modules),
    explain=_explain_flag,
    signed=(),
    any_numbers=False,
    hints=(
        "What holds requires_grad: the model, or each of its parameters?",
        "Loop over model.parameters() and set requires_grad of each to False. What is then wrong "
        "with the head?",
        "The head's parameters are among the model's. Switch them on again: model.fc.parameters().",
    ),
    reasons=(
        "requires_grad belongs to each parameter tensor, so all of them are visited. The head is "
        "switched on last, because its parameters are among the model's. The method "
        "model.requires_grad_(False), with an underscore at its end, does the loop for you."
    ),
    misconceptions={
        "a model left as it was": Misconception(
            lambda model: model,
            "After your function every parameter learns as before. requires_grad belongs to each "
            "parameter; no attribute of the model, no eval() and no copy changes it.",
        ),
        "a head that is frozen too": Misconception(
            lambda model: _set(model, lambda name: False),
            "The head's parameters are among the model's: switch them on again, or nothing learns.",
        ),
        "a frozen head on a body that learns": Misconception(
            lambda model: _set(model, lambda name: not name.startswith("fc.")),
            "It is the other way round: what is pretrained stays, and the head is new.",
        ),
        "frozen weights beside biases that learn": Misconception(
            lambda model: _set(model, lambda name: "weight" not in name or name[:3] == "fc."),
            "A bias is a parameter like any other, in batch norm too.",
        ),
        "one frozen layer": Misconception(
            lambda model: _set(model, lambda name: not name.startswith("fc1.")),
            "That is the first layer alone; everything before the head is pretrained.",
        ),
        "a head whose bias alone learns": Misconception(
            _all_but_the_last_tensor,
            "The list ends in the head's bias; its weight is the entry before. Name the layer, do "
            "not count from the end.",
        ),
        "a head whose weight alone learns": Misconception(
            lambda model: _set(model, lambda name: name == "fc.weight"),
            "The head has a weight and a bias, and both are new.",
        ),
        "batch norm that goes on learning": Misconception(
            lambda model: _set(model, lambda name: name[:3] == "fc." or name[:2] == "bn"),
            "Batch norm has a weight and a bias too, and they were learned with the rest.",
        ),
        "names that only begin like the head's": Misconception(
            lambda model: _set(model, lambda name: "fc" in name),
            'Layers of the body may be called fc1 or fc2, and "fc1.weight" begins with "fc" too. '
            'The head\'s names begin with "fc.", or ask model.fc itself.',
        ),
    },
)


def replace_head(model: nn.Module, num_classes: int) -> None:
    """Give the model a fresh head, in place, for another number of classes.

    model: frozen throughout; its last layer, model.fc, is an nn.Linear.

    >>> model = nn.Sequential()
    >>> model.body, model.fc = nn.Linear(5, 4), nn.Linear(4, 3)
    >>> replace_head(model, 2)
    >>> model.fc
    Linear(in_features=4, out_features=2, bias=True)
    """
    model.fc = nn.Linear(model.fc.in_features, num_classes)


def _frozen(widths: Tensor, old_classes: int) -> Tiny:
    return Tiny(widths, old_classes).requires_grad_(False)


def _head(
    answer: Callable[..., Any], widths: Tensor, old_classes: int, num_classes: int
) -> list[int] | Unreadable:
    model = _frozen(widths, old_classes)
    answer(model, num_classes)
    layers = [layer for layer in model.fc.modules() if isinstance(layer, nn.Linear)]
    if not layers:
        return Unreadable("After your function there is no nn.Linear in model.fc.")
    first, last = layers[0], layers[-1]
    learning = sum(p.numel() for p in model.parameters() if p.requires_grad)
    return [
        first.weight.shape[1],
        last.weight.shape[0],
        sum(0 if layer.bias is None else layer.bias.numel() for layer in layers),
        learning,
        sum(not list(layer.children()) for layer in model.fc.modules()),
    ]


def _explain_head(
    index: tuple[int, ...], widths: Tensor, old_classes: int, num_classes: int
) -> Explanation:
    features = int(widths[-1])
    said = (
        f"inputs of the head = features of the body = {features}",
        f"outputs of the head = classes = {num_classes}",
        f"biases of the head = one a class = {num_classes}",
        f"numbers that learn = {features}·{num_classes} + {num_classes} = "
        f"{(features + 1) * num_classes}",
        "layers in the head = one nn.Linear, whose scores are the model's = 1",
    )
    return Explanation(said[index[0]])


def _other_head(pick: Pick) -> tuple[Tensor, int, int]:
    return any_widths(pick), pick.integer(2, 4), pick.integer(2, 5)


def _renamed(model: nn.Module, num_classes: int) -> None:
    model.classifier = nn.Linear(model.fc.in_features, num_classes)


def _fresh(
    model: nn.Module, num_inputs: int, num_outputs: int, *, bias: bool = True, learns: bool = True
) -> None:
    model.fc = nn.Linear(num_inputs, num_outputs, bias=bias).requires_grad_(learns)


def _appended(model: nn.Module, num_classes: int) -> None:
    model.fc = nn.Sequential(model.fc, nn.Linear(model.fc.out_features, num_classes))


def _with_softmax(model: nn.Module, num_classes: int) -> None:
    head = nn.Linear(model.fc.in_features, num_classes)
    model.fc = nn.Sequential(head, nn.Softmax(dim=1))


def _melted(model: nn.Module, num_classes: int) -> None:
    _fresh(model, model.fc.in_features, num_classes)
    model.requires_grad_(True)


def _by_the_weight(model: nn.Module, num_classes: int) -> None:
    setattr(model, "fc", nn.Linear(model.fc.weight.shape[1], out_features=num_classes))  # noqa: B010


REPLACE = FunctionExercise(
    id="7.4",
    title="A head of your own",
    minutes=5,
    reference=replace_head,
    harness=_head,
    examples=(),
    inputs=_other_head,
    alternatives=(_by_the_weight,),
    explain=_explain_head,
    signed=(),
    any_numbers=False,
    hints=(
        "How many numbers does the body hand to the head, and where can you read that?",
        "The old head knows: model.fc.in_features. How many numbers must come out?",
        "Assign a new nn.Linear to model.fc, the name that forward calls.",
    ),
    reasons=(
        "The head takes as many features as the body gives, which the old head knows, and returns "
        "one score for each class. A new layer learns by default, so a frozen body and a fresh "
        "head need nothing more. The name matters: forward calls model.fc."
    ),
    misconceptions={
        "a layer under another name": Misconception(
            _renamed,
            "forward calls model.fc, and that is still the old head: assign the new layer to it.",
        ),
        "a head left as it was": Misconception(
            lambda model, num_classes: model,
            "After your function model.fc has the old weight. A new layer has to be assigned to "
            "model.fc; a new value of its out_features changes no weight.",
        ),
        "inputs and outputs swapped": Misconception(
            lambda model, num_classes: _fresh(model, num_classes, model.fc.in_features),
            "nn.Linear is told the inputs first, then the outputs.",
        ),
        "a head on the old scores": Misconception(
            lambda model, num_classes: _fresh(model, model.fc.out_features, num_classes),
            "The head takes the body's features, in_features of the old one, not its old scores.",
        ),
        "the 512 inputs of ResNet-18": Misconception(
            lambda model, num_classes: _fresh(model, 512, num_classes),
            "Another backbone has another number of features: model.fc.in_features knows it.",
        ),
        "a second layer behind the old head": Misconception(
            _appended,
            "The old head stays in between, and the features pass through the scores of its old "
            "classes: replace it.",
        ),
        "another layer behind the head": Misconception(
            _with_softmax,
            "The head gives logits, of either sign: the loss applies softmax itself, as in lesson "
            "6, and a ReLU would cut off the negative ones.",
        ),
        "a frozen head": Misconception(
            lambda model, num_classes: _fresh(
                model, model.fc.in_features, num_classes, learns=False
            ),
            "A frozen fresh head stays random: freeze first, then replace.",
        ),
        "a body that learns again": Misconception(
            _melted, "The body came in frozen and is to stay so; only the new head learns."
        ),
        "a head without biases": Misconception(
            lambda model, num_classes: _fresh(model, model.fc.in_features, num_classes, bias=False),
            "bias=False fits where batch norm follows; a head adds one bias for each class.",
        ),
        "one class too many": Misconception(
            lambda model, num_classes: _fresh(model, model.fc.in_features, num_classes + 1),
            "One output for each class is enough: no class for 'none of these' is needed.",
        ),
        "the old number of classes": Misconception(
            lambda model, num_classes: _fresh(model, model.fc.in_features, model.fc.out_features),
            "The new task has num_classes classes, so as many scores.",
        ),
    },
)


def count_trainable(model: nn.Module) -> int:
    """Return how many numbers of the model learn.

    model: an nn.Module; some of its parameters may be frozen.

    >>> count_trainable(nn.Linear(4, 3))
    15
    """
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


def _count(answer: Callable[..., Any], widths: Tensor, classes: int, frozen_tensors: int) -> Any:
    model = Tiny(widths, classes)
    for parameter in list(model.parameters())[:frozen_tensors]:
        parameter.requires_grad = False
    return answer(model)


def _explain_count(
    index: tuple[int, ...], widths: Tensor, classes: int, frozen_tensors: int
) -> Explanation:
    parameters = list(Tiny(widths, classes).parameters())[frozen_tensors:]
    parts = " + ".join(str(p.numel()) for p in parameters)
    total = sum(p.numel() for p in parameters)
    sums = f"{parts} = {total}" if len(parameters) > 1 else str(total)
    return Explanation(f"numbers in the tensors that are not frozen = {sums}")


def _with_a_loop(model: nn.Module) -> int:
    total = 0
    for parameter in model.parameters():
        total += len(parameter.flatten()) if parameter.requires_grad else 0
    return total


def _numbers(model: nn.Module, takes: Callable[[str, nn.Parameter], bool]) -> int:
    return sum(p.numel() for name, p in model.named_parameters() if takes(name, p))


COUNT = FunctionExercise(
    id="7.5",
    title="Count what learns",
    minutes=4,
    reference=count_trainable,
    harness=_count,
    examples=(),
    inputs=lambda pick: (any_widths(pick), pick.integer(2, 4), 2 * pick.integer(1, 2)),
    alternatives=(_with_a_loop,),
    explain=_explain_count,
    signed=(),
    any_numbers=False,
    hints=(
        "How do you tell of a parameter whether it learns, and how many numbers it holds?",
        "parameter.requires_grad says the first, parameter.numel() the second.",
        "Add up numel() over the parameters for which requires_grad is True.",
    ),
    reasons=(
        "parameters() lists weights and biases, frozen or not; requires_grad tells them apart, and "
        "numel() counts the numbers in each. The running means of batch norm are buffers: they are "
        "in the state_dict and not among the parameters."
    ),
    misconceptions={
        "the frozen ones counted too": Misconception(
            lambda model: _numbers(model, lambda name, p: True),
            "That is the size of the network; frozen parameters do not learn.",
        ),
        "the frozen ones counted instead": Misconception(
            lambda model: _numbers(model, lambda name, p: not p.requires_grad),
            "Those are the numbers that stay as they are.",
        ),
        "the tensors counted, not their numbers": Misconception(
            lambda model: sum(p.requires_grad for p in model.parameters()),
            "A weight is one tensor of many numbers: numel() counts them.",
        ),
        "no biases": Misconception(
            lambda model: _numbers(model, lambda name, p: p.requires_grad and "bias" not in name),
            "Biases learn like weights.",
        ),
        "the rows of each tensor": Misconception(
            lambda model: sum(len(p) for p in model.parameters() if p.requires_grad),
            "len gives the first axis only; numel() gives rows times columns.",
        ),
        "the head alone": Misconception(
            lambda model: sum(p.numel() for p in model.fc.parameters()),
            "More than the head may learn: ask each parameter.",
        ),
        "the whole state_dict": Misconception(
            lambda model: sum(t.numel() for t in model.state_dict().values()),
            "The state_dict also holds what is frozen, and buffers, such as batch norm's means.",
        ),
    },
)

EXERCISES = (FREEZE, REPLACE, COUNT)
