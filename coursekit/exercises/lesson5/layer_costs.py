"""The exercises of lesson 5 on what layers cost, and on reading a network."""

from __future__ import annotations

from random import Random

from torch import nn

from coursekit.exercises.model import (
    ChoiceExercise,
    Explanation,
    FunctionExercise,
    Misconception,
    ValueExercise,
)
from coursekit.exercises.pick import Pick
from coursekit.exercises.telling.numbers import count


def conv_parameters(in_channels: int, out_channels: int, kernel_size: int, groups: int) -> int:
    """Return how many numbers a convolutional layer learns, its biases included.

    kernel_size: the side of a square kernel. groups: divides both numbers of channels; a filter
    sees the channels of one group.

    >>> conv_parameters(3, 28, 3, 1), conv_parameters(4, 4, 3, 2)
    (784, 76)
    """
    weights_a_filter = (in_channels // groups) * kernel_size**2
    return out_channels * (weights_a_filter + 1)


def _layer(pick: Pick) -> tuple[int, int, int, int]:
    groups = pick.integer(1, 3)
    return groups * pick.integer(1, 4), groups * pick.integer(1, 4), pick.integer(1, 5), groups


def _explain(
    index: tuple[int, ...], in_channels: int, out_channels: int, kernel_size: int, groups: int
) -> Explanation:
    total = conv_parameters(in_channels, out_channels, kernel_size, groups)
    kernels = count(in_channels // groups, "kernel")
    return Explanation(
        f"{count(out_channels, 'filter')} × ({kernels} × {kernel_size}·{kernel_size} weights + 1 "
        f"bias) = {total}"
    )


def _by_building(in_channels: int, out_channels: int, kernel_size: int, groups: int) -> int:
    layer = nn.Conv2d(in_channels, out_channels, kernel_size, groups=groups)
    return sum(parameter.numel() for parameter in layer.parameters())


PARAMETERS = FunctionExercise(
    id="5.5",
    title="Count before you build",
    minutes=5,
    reference=conv_parameters,
    examples=((1, 1, 1, 1), (3, 28, 3, 1), (2, 2, 3, 2), (4, 2, 3, 2)),
    inputs=_layer,
    alternatives=(
        _by_building,
        lambda in_channels, out_channels, kernel_size, groups: (
            in_channels * out_channels * kernel_size**2 / groups + out_channels
        ),
    ),
    explain=_explain,
    signed=(),
    any_numbers=False,
    facts={
        "the kernel has more than one pixel": lambda i, o, k, g: k > 1,
        "there is more than one group": lambda i, o, k, g: g > 1,
        "there is more than one input channel": lambda i, o, k, g: i > 1,
        "there is more than one filter": lambda i, o, k, g: o > 1,
    },
    hints=(
        "What does one filter hold: how many kernels, how many weights in each, and what besides?",
        "With groups, a filter sees in_channels // groups channels, and has a kernel for each.",
        "There are out_channels filters, each with those weights and one bias.",
    ),
    reasons=(
        "A filter has a kernel of k·k weights for each channel that it sees, and one bias. Groups "
        "change how many channels a filter sees, and neither the number of filters nor their "
        "biases. The size of the image appears nowhere: the same filter slides over all of it."
    ),
    misconceptions={
        "no biases": Misconception(
            lambda in_channels, out_channels, kernel_size, groups: (
                out_channels * (in_channels // groups) * kernel_size**2
            ),
            "Each filter also learns a bias, unless the layer is built with bias=False.",
        ),
        "one bias for the layer": Misconception(
            lambda in_channels, out_channels, kernel_size, groups: (
                out_channels * (in_channels // groups) * kernel_size**2 + 1
            ),
            "Each filter has a bias of its own: out_channels of them.",
        ),
        "a bias for each kernel": Misconception(
            lambda in_channels, out_channels, kernel_size, groups: (
                out_channels * (in_channels // groups) * (kernel_size**2 + 1)
            ),
            "A filter adds its bias once, after its kernels have been summed.",
        ),
        "a bias for each input channel": Misconception(
            lambda in_channels, out_channels, kernel_size, groups: (
                out_channels * (in_channels // groups) * kernel_size**2 + in_channels
            ),
            "Biases belong to filters, so there are out_channels of them.",
        ),
        "the side of the kernel for its area": Misconception(
            lambda in_channels, out_channels, kernel_size, groups: (
                out_channels * (in_channels // groups * kernel_size + 1)
            ),
            "A kernel has height and width: kernel_size² weights.",
        ),
        "groups ignored": Misconception(
            lambda in_channels, out_channels, kernel_size, groups: (
                out_channels * (in_channels * kernel_size**2 + 1)
            ),
            "With groups, a filter sees the channels of one group alone, and has fewer kernels.",
        ),
        "groups as a factor": Misconception(
            lambda in_channels, out_channels, kernel_size, groups: (
                out_channels * (in_channels * groups * kernel_size**2 + 1)
            ),
            "Groups make a layer smaller: each filter sees fewer channels.",
        ),
        "biases divided by the groups too": Misconception(
            lambda in_channels, out_channels, kernel_size, groups: (
                out_channels * (in_channels * kernel_size**2 + 1) // groups
            ),
            "The groups share out the input channels; every filter keeps its bias.",
        ),
        "filters divided by the groups too": Misconception(
            lambda in_channels, out_channels, kernel_size, groups: (
                (out_channels // groups) * (in_channels // groups) * kernel_size**2 + out_channels
            ),
            "That is one group; all groups together hold out_channels filters.",
        ),
        "one filter": Misconception(
            lambda in_channels, out_channels, kernel_size, groups: (
                (in_channels // groups) * kernel_size**2 + 1
            ),
            "That is what one filter holds, and there are out_channels of them.",
        ),
        "one kernel for each filter": Misconception(
            lambda in_channels, out_channels, kernel_size, groups: (
                out_channels * (kernel_size**2 + 1)
            ),
            "A filter has a kernel for each channel that it sees, not one for all.",
        ),
    },
)


def _separable(C: int, F: int) -> ValueExercise:
    """Return the question for the weights of a layer in two parts, from C to F channels."""
    each, mix = 9 * C, C * F
    return ValueExercise(
        id="5.6",
        title="What a separable layer holds",
        minutes=3,
        question=(
            f"A layer of 3×3 kernels from {C} to {F} channels has {9 * C * F:,} weights. It is "
            f"replaced by a depthwise 3×3 convolution on the {C} channels, and then a 1×1 "
            f"convolution from {C} to {F}, both without biases. How many weights do the two have "
            "together?"
        ),
        answer=each + mix,
        vary=_other_separable,
        hints=(
            "How many kernels does the depthwise layer have, when each channel has one of its own?",
            f"{C} kernels of 9 weights for looking around. Then, how many weights does one 1×1 "
            f"filter need for {C} channels?",
            f"{C}·9 for the depthwise layer, and {C}·{F} for the 1×1 layer: add them.",
        ),
        reasons=(
            f"The depthwise layer has one kernel of 9 weights for each of {C} channels, {each}. "
            f"The 1×1 layer has {F} filters with one weight for each of {C} channels, {mix}. "
            f"Looking around and mixing are paid for one after the other, {each} + {mix}, and not "
            "multiplied."
        ),
        misconceptions={
            "the depthwise layer alone": Misconception(
                each, "Depthwise filters do not mix channels; the 1×1 layer does, and costs more."
            ),
            "the 1×1 layer alone": Misconception(
                mix, f"The depthwise layer has {C} kernels of 9 weights besides."
            ),
            "the two multiplied": Misconception(
                each * mix, "The layers come one after the other, so their weights are added."
            ),
            "a depthwise kernel for each output channel": Misconception(
                F * 9 + mix,
                f"The depthwise layer works on the {C} channels that come in: {C} kernels, not "
                f"{F}.",
            ),
            "a full layer in place of the depthwise one": Misconception(
                C * C * 9 + mix,
                f"In a depthwise layer each kernel sees one channel: {C} kernels, not {C}·{C}.",
            ),
            "one kernel for all channels": Misconception(
                9 + mix, f"Each of the {C} channels has a kernel of its own."
            ),
            "the side of the kernel for its area": Misconception(
                C * 3 + mix, "A kernel of 3×3 has 9 weights."
            ),
            "the weights and the biases": Misconception(
                each + mix + C + F, "Both layers are built without biases here."
            ),
            "the full layer": Misconception(
                9 * C * F,
                f"The full layer has {C}·{F} kernels of 9 weights; the pair splits the work in "
                "two.",
            ),
        },
    )


def _other_separable(random: Random) -> ValueExercise:
    # More filters than kernels have weights, so that the 1×1 layer costs more.
    return _separable(*random.sample([16, 20, 24, 30, 32, 40, 50, 60, 64, 80, 96, 100, 128], 2))


SEPARABLE = _separable(64, 128)


PUBLISHED = ChoiceExercise(
    id="5.8",
    title="What is wrong with this network?",
    minutes=5,
    question="Read the list of layers against forward. What is wrong with the network?",
    options={
        "A": "a flatten to 1152 numbers, where fc1 expects 2048",
        "B": "fc1, learned twice: once alone and once in layer4",
        "C": "a missing step, which would turn fc2's numbers into probabilities",
        "D": "no fault: in the list, a ReLU stands after fc1",
        "E": "layer4, which forward never calls",
    },
    answer="E",
    hints=(
        "Tick off each line of the list that forward calls. Is every line ticked?",
        "In torchinfo's table, which block has no output shape, and which of its lines are "
        "missing?",
        "What do two fully connected layers with nothing between them amount to?",
    ),
    reasons=(
        "The list says what was built, in the order in which it was built; forward says what "
        "happens. It goes from fc1 to fc2 and passes layer4 by, with the ReLU and the dropout in "
        "it. Two linear layers in a row are one, so the 625 numbers between them add nothing."
    ),
    misconceptions={
        "the size of the last maps": Misconception(
            "A",
            "7×7 with a padding of 1 is pooled to 4×4, and 128·4·4 = 2048: it fits, or the network "
            "would not run.",
        ),
        "one layer under two names": Misconception(
            "B",
            "It is the same object under two names, so its weights exist once: torchinfo counts "
            "them "
            "once.",
        ),
        "probabilities from the network": Misconception(
            "C",
            "A classifier may give any ten scores, the largest for the class that it calls; "
            "lesson 6 turns them into probabilities where the loss is computed.",
        ),
        "the list for the forward": Misconception(
            "D",
            "A list of modules shows what was built; whether it is called is decided in forward.",
        ),
    },
)

EXERCISES = (PARAMETERS, SEPARABLE, PUBLISHED)
