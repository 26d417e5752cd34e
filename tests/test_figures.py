import matplotlib.pyplot as plt
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from coursekit import data, figures, kernels, ops, training
from coursekit.drawings import drawing
from coursekit.figures.canvas import as_text
from coursekit.volumes import two_filters

X = torch.tensor(
    [[1.0, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]
)
KERNEL = torch.tensor([[1.0, 0, 1], [0, 1, 0], [1, 0, 1]])


def small_set():
    images = torch.arange(40, dtype=torch.uint8).reshape(40, 1, 1, 1).expand(-1, -1, 28, 28)
    return data.ImageSet(images, torch.arange(40) % 10, data.CLASSES, "a made set", stand_in=True)


def history():
    scores = [training.Scores(1.0, 0.5), training.Scores(0.5, 0.75)]
    return training.History([1.2, 0.6], [0.4, 0.7], scores, [1.0, 1.0])


def probabilities():
    return torch.eye(10)[(torch.arange(40) + torch.arange(40) // 30) % 10]


def two_modes():
    batch = torch.tensor([[1.0, 2], [3, 6]])
    return figures.train_and_eval(batch, {"norm": nn.BatchNorm2d(2), "dropout": nn.Dropout(0.5)})


def volume():
    x, weight, bias = two_filters()
    return figures.volume(ops.pad2d(x, 1), weight[0], bias[0], stride=2, at=(2, 1), name="filter 0")


def stack():
    layers = nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 10, (3, 1))
    return figures.network_shapes(nn.Sequential(*layers), torch.zeros(2, 3, 32, 32))


DRAWN = {
    "activations": lambda: figures.activations({"ReLU": F.relu, "tanh": torch.tanh}),
    "colour planes": lambda: figures.colour_planes(torch.arange(12.0).reshape(3, 2, 2) / 12),
    "network shapes": stack,
    "times": lambda: figures.times({"loops": 2.0, "torch": 0.5}, fastest="torch"),
    "train and eval": two_modes,
    "volume": volume,
    "correlation": lambda: figures.correlation(X, KERNEL, at=(2, 0)),
    "filmstrip": lambda: figures.filmstrip(X, KERNEL),
    "pictures": lambda: figures.pictures({"a": X, "b": X - 1}, signed=("b",), says="two pictures"),
    "feature maps": lambda: figures.feature_maps(
        data.photograph(),
        {name: kernels.kernel(name) for name in ("identity", "sobel x")},
        says="two",
    ),
    "row profile": lambda: figures.row_profile(X[0], X[0, 2:] - X[0, :-2]),
    "matrices": lambda: figures.matrices({"a": X, "k": KERNEL}, says="two matrices"),
    "match maps": lambda: figures.match_maps(
        {"X": drawing("X")}, {"crossing": kernels.kernel("crossing")}
    ),
    "which filter": lambda: figures.which_filter(
        data.photograph(), {"A": KERNEL, "B": -KERNEL}, made_with="B"
    ),
    "learning": lambda: figures.learning([4.0, 1.0], {"step 0": KERNEL, "step 1": X[:2, :2]}),
    "class sheet": lambda: figures.class_sheet(small_set(), per_class=3),
    "curves": lambda: figures.training_curves(history()),
    "confusion": lambda: figures.confusion_matrix(torch.arange(100).reshape(10, 10), data.CLASSES),
    "worst mistakes": lambda: figures.worst_mistakes(small_set(), probabilities()),
}


@pytest.mark.parametrize("name", DRAWN)
def test_every_figure_is_drawn_described_and_shown_once(name):
    figure = DRAWN[name]()
    picture = figure.png()
    assert picture.startswith(b"\x89PNG")
    assert picture == figure.png(), "the same figure must give the same bytes"
    assert figure.description != "a figure"
    assert plt.get_fignums() == [], "a figure that pyplot knows would be shown twice"


def test_every_public_figure_is_drawn_here():
    helpers = {"LessonFigure", "panels", "pixels"}
    assert len(DRAWN) == len(set(figures.__all__) - helpers)


def test_a_notebook_gets_picture_and_description():
    bundle, metadata = DRAWN["correlation"]()._repr_mimebundle_()
    assert set(bundle) == {"image/png", "text/plain"}
    assert "4 3 4 / 2 4 3 / 2 3 4" in bundle["text/plain"]
    assert metadata["image/png"]["alt"] in bundle["text/plain"]


def test_input_and_output_have_the_same_pixel_size():
    figure = DRAWN["correlation"]()
    sizes = {
        round(ax.get_position().width * figure.get_figwidth() / ax.get_images()[0].get_size()[1], 6)
        for ax in figure.axes
    }
    assert len(sizes) == 1


def test_numbers_are_printed_in_small_pixels_only():
    small, large = DRAWN["matrices"](), figures.pictures({"cat": data.photograph()}, says="a cat")
    assert [text.get_text() for text in small.axes[1].texts] == list("101010101")
    assert list(large.axes[0].texts) == []


def test_kernels_of_ninths_print_fractions():
    figure = figures.matrices({"blur": kernels.kernel("box blur")}, says="a blur")
    assert {text.get_text() for text in figure.axes[0].texts} == {"1/9"}


def test_the_largest_confusion_is_named():
    counts = torch.eye(3, dtype=torch.int64) * 9
    counts[2, 0] = 4
    figure = figures.confusion_matrix(counts, ("coat", "bag", "shirt"))
    assert "shirt called coat, 4 times" in figure.axes[0].get_title()


def test_worst_mistakes_are_wrong_and_sorted():
    figure = figures.worst_mistakes(small_set(), probabilities(), count=3)
    assert len(figure.axes) == 3
    for ax in figure.axes:
        truth, called = ax.get_title().removeprefix("is ").split("\ncalled ")
        assert not called.startswith(truth)


def test_signs_are_centred_at_zero():
    figure = figures.matrices({"k": torch.tensor([[-1.0, 3.0]])}, says="a kernel")
    assert figure.axes[0].get_images()[0].get_clim() == (-3.0, 3.0)


def test_a_constant_picture_can_be_drawn():
    assert figures.matrices({"zeros": torch.zeros(2, 2)}, says="nothing").png()
    assert figures.pictures({"ones": torch.ones(2, 2)}, says="white").png()


def test_a_matrix_reads_as_one_line():
    assert as_text(torch.tensor([[1.0, -0.5]])) == "1 -0.5"


def test_a_volume_writes_the_arithmetic_of_every_output_pixel():
    figure = volume()
    written = [text.get_text() for text in figure.axes[-1].texts]
    assert len(written) == 9
    assert written[7] == "4 + (−1) + 6 + 1 = 10"
    assert "the output is 2 3 3 / 3 7 3 / 8 10 -3" in figure.description


def test_modes_hatch_what_dropout_zeroed_and_their_description_leaves_chance_out():
    seen = set()
    for seed in range(8):
        torch.manual_seed(seed)
        figure = two_modes()
        zeros = [text.get_text() for text in figure.axes[3].texts].count("0")
        assert len(figure.axes[3].patches) == zeros
        seen.add((zeros, figure.description))
    assert len({zeros for zeros, _ in seen}) > 1
    assert len({said for _, said in seen}) == 1
    assert "norm, train: -1 -1 / 1 1, with means 0.0, 0.0" in figure.description


def test_a_stack_shows_the_layers_that_change_the_shape():
    assert stack().description.endswith(
        "In order: input 3×32×32, Conv2d 5×5 6×28×28, MaxPool2d 2×2 6×14×14, Conv2d 3×1 10×12×14."
    )


def test_times_are_ratios_to_the_fastest():
    figure = DRAWN["times"]()
    assert [text.get_text() for text in figure.axes[0].texts] == ["4.0", "1.0"]
    assert "loops take 4 times as long as torch" in figure.axes[0].get_title()
