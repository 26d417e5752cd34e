import base64
import io
from types import SimpleNamespace

import matplotlib.pyplot as plt
import pytest
import torch
from contrast import texts_with_contrast
from IPython.core.formatters import DisplayFormatter
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image, ImageChops
from sampling import some
from torch import nn
from torch.nn import functional as F

from coursekit import data, descent, figures, kernels, models, ops, training
from coursekit.data.folder_set import Pictures
from coursekit.examples import points
from coursekit.examples.drawings import drawing
from coursekit.examples.face_detector import detect, scene
from coursekit.examples.three_channels import two_filters
from coursekit.exercises.judging.own import Own
from coursekit.explorer.still import explored
from coursekit.figures import canvas
from coursekit.figures.canvas import LessonFigure, as_text
from coursekit.figures.lesson4.shifting import changes
from coursekit.machine import settings
from coursekit.machine.paths import course_folder
from coursekit.models.resnet import SmallResNet
from coursekit.shapes import Layer

X = torch.tensor(
    [[1.0, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]
)
KERNEL = torch.tensor([[1.0, 0, 1], [0, 1, 0], [1, 0, 1]])

MAP = torch.tensor([[9.0, 1, 2, 3], [4, 0, 8, 5], [7, 2, 1, 0], [3, 6, 4, 5]])
GRADIENT = torch.tensor([[1.0, 2], [-3, 4]])


COLOUR = torch.arange(4 * 3 * 8 * 8).remainder(251).to(torch.uint8).view(4, 3, 8, 8)
HEAT = torch.linspace(0, 1, 2 * 64).view(2, 8, 8)
CURVE = {"scratch": {1: [0.1, 0.3], 5: [0.3]}, "probe": {1: [0.5, 0.6], 5: [0.7, 0.9]}}


def colours():
    return Pictures(COLOUR, torch.tensor([0, 1, 0, 1]), ("key", "snail"), ("",) * 4)


def frozen():
    model = SmallResNet(10).requires_grad_(False)
    model.fc.requires_grad_(True)
    return figures.frozen_network(model, title="All but the head is frozen")


def small_set():
    images = torch.arange(40, dtype=torch.uint8).reshape(40, 1, 1, 1).expand(-1, -1, 28, 28)
    return data.ImageSet(images, torch.arange(40) % 10, data.CLASSES, "a made set", stand_in=True)


def history():
    scores = [training.Scores(1.0, 0.5), training.Scores(0.5, 0.75)]
    return training.History([1.2, 0.6], [0.4, 0.7], scores, [1.0, 1.0])


def probabilities():
    return torch.eye(10)[(torch.arange(40) + torch.arange(40) // 30) % 10]


def two_modes(seed=0):
    torch.manual_seed(seed)  # what the dropout drops
    batch = torch.tensor([[1.0, 2], [3, 6]])
    return figures.train_and_eval(batch, {"norm": nn.BatchNorm2d(2), "dropout": nn.Dropout(0.5)})


def volume():
    x, weight, bias = two_filters()
    padded, shown = ops.pad2d(x, 1), {"stride": 2, "padding": 1, "at": (2, 1)}
    return figures.volume(padded, weight[0], bias[0], **shown, name="filter 0")


def stack():
    layers = nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 10, (3, 1))
    return figures.network_shapes(nn.Sequential(*layers), torch.zeros(2, 3, 32, 32))


def links():
    layers = nn.Conv2d(2, 2, 3, groups=2, bias=False), nn.Conv2d(2, 4, 1, bias=False)
    return figures.channel_links({"full": nn.Conv2d(2, 4, 3), "separable": nn.Sequential(*layers)})


def unfolding():
    return figures.unfolding(X[:3, :4], torch.stack([KERNEL[:2, :2], -KERNEL[1:, 1:]]))


def parabola(x):
    return x**2 - 6 * x + 1


def path(start=18, rate=0.3, steps=12):
    return descent.descend(lambda x: 2 * x - 6, start, rate=rate, steps=steps)


def bowl(w):
    return (w[..., 0] ** 2 + 10 * w[..., 1] ** 2) / 2


def animation(steps=3):
    return figures.descent_animation(
        parabola, path(steps=steps), between=(-14, 20), says="a descent from 18."
    )


def by_hand():
    hidden = torch.tensor([[1.0, 1], [-1, 1]])
    return figures.propagation(torch.tensor([2.0, 1]), hidden, torch.tensor([2.0, 3]), 5)


def two_panels():
    x, labels = points.two_clouds(4)
    return {"points": (x, labels, None), "a line": (x, labels, lambda p: p[:, 0] + p[:, 1])}


DRAWN = {
    "activations": lambda: figures.activations({"ReLU": F.relu, "tanh": torch.tanh}),
    "colour planes": lambda: figures.colour_planes(torch.arange(12.0).reshape(3, 2, 2) / 12),
    "channel links": links,
    "network shapes": stack,
    "detector board": lambda: figures.detector_board({"nothing": lambda picture: False}),
    "times": lambda: figures.times({"loops": 2.0, "torch": 0.5}, fastest="torch"),
    "train and eval": two_modes,
    "volume": volume,
    "channel sum": lambda: figures.channel_sum(torch.stack([KERNEL, 2 * KERNEL])),
    "correlation": lambda: figures.correlation(X, KERNEL, at=(2, 0)),
    "filmstrip": lambda: figures.filmstrip(X[:4, :4], KERNEL),
    "explored": lambda: explored(
        torch.stack([X, X]),
        torch.stack([KERNEL, -KERNEL])[None],
        torch.ones(1, 2, 2),
        mode="conv",
        at=(0, 1, 0),
        stride=2,
        padding=1,
        predict=True,
    ),
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
    "dense to kernel": lambda: MOVING["dense to kernel"]().filmstrip([0, 3]),
    "learning": lambda: figures.learning([4.0, 1.0], {"step 0": KERNEL, "step 1": X[:2, :2]}),
    "vanishing borders": lambda: figures.vanishing_borders(X.repeat(3, 3), 5, 3),
    "padding modes": lambda: figures.padding_modes(X, 3, ("zeros", "reflect")),
    "settings": lambda: figures.window_settings(
        8, 3, strides=(1, 3), paddings=(0, 1), dilations=(1, 2)
    ),
    "padded correlation": lambda: figures.padded_correlation(X, KERNEL, padding=(1, 2)),
    "strided filmstrip": lambda: figures.strided_filmstrip(
        X[:3, :3], KERNEL, stride=(2, 1), padding=1
    ),
    "strided animation": lambda: MOVING["strided animation"]().filmstrip([0, 4]),
    "unfolding": lambda: MOVING["unfolding"]().filmstrip([0, 5]),
    "receptive fields": lambda: figures.receptive_fields({"a": [Layer(3, 2)] * 2, "b": [Layer(3)]}),
    "neuron": lambda: figures.neuron([2, -1], [1.5, 1], -0.5),
    "regions": lambda: figures.regions(two_panels(), says="two panels."),
    "descents": lambda: figures.descents(parabola, {"rate 0.3": path()}, between=(-14, 20)),
    "errors": lambda: figures.errors({"rate 0.3": path(), "rate 1": path(rate=1)}, 3),
    "loss contours": lambda: figures.loss_contours(
        bowl, {"a path": torch.tensor([[-9.0, 4.0], [-7.0, 2.0]])}
    ),
    "propagation": by_hand,
    "vision tasks": lambda: figures.vision_tasks(data.photograph(gray=False)),
    "rolling balls": lambda: MOVING["rolling balls"]().filmstrip([0, 3, 6]),
    "start question": lambda: figures.start_question(parabola, 5.0, between=(-14, 20)),
    "filmstrip of an animation": lambda: animation().filmstrip([0, 3]),
    "class sheet": lambda: figures.class_sheet(small_set(), per_class=3),
    "pooled maps": lambda: figures.pooled_maps(MAP, 2, {"max": ops.max_pool2d(MAP, 2)}),
    "leftovers": lambda: figures.leftovers(X, 2),
    "gradient routes": lambda: figures.gradient_routes(MAP, GRADIENT, 2),
    "gradient animation": lambda: MOVING["gradient animation"]().filmstrip([0, 9]),
    "reading counts": lambda: figures.reading_counts({"a layer": MAP - 1}),
    "which pool": lambda: figures.which_pool(KERNEL, {"A": KERNEL[:2, :2]}),
    "detections": lambda: figures.detections({"a": scene(3, 4)}, {"a": detect(scene(3, 4))}),
    "shifted detector": figures.shifted_detector,
    "curves": lambda: figures.training_curves(history()),
    "confusion": lambda: figures.confusion_matrix(torch.arange(100).reshape(10, 10), data.CLASSES),
    "augmentations": lambda: figures.augmentations(
        COLOUR[0], {"as it is": lambda x: x}, title="one", draws=2
    ),
    "colour sheet": lambda: figures.colour_sheet(colours(), per_class=2, title="two kinds"),
    "heat maps": lambda: figures.heat_maps(
        COLOUR[:2],
        torch.stack([HEAT, 0 * HEAT], dim=1),
        [["a", "b"], ["b", "a"]],
        titles=["✓ is a", "✗ is b"],
        says="two pictures.",
    ),
    "layer features": lambda: figures.layer_features(
        COLOUR[0], {"layer1": COLOUR[1].float()}, title="a stage", says="three maps.", show=2
    ),
    "named pictures": lambda: figures.named_pictures(
        [COLOUR[0], COLOUR[1]], ["a\n0.5", "b\n0.4"], title="two"
    ),
    "worlds": lambda: figures.worlds(
        {"drawn": {"a": [0.8, 0.9], "b": [0.5]}, "seen": {"a": [0.4], "b": [0.9]}},
        chance=[0.1, 0.5],
        title="two worlds",
    ),
    "peephole": lambda: MOVING["peephole"]().filmstrip([0, 3]),
    "turned digits": lambda: figures.turned_digits(list("ABCDE")),
    "file predictions": lambda: figures.file_predictions(
        [course_folder("data") / "photographs" / "cat.png"], [[("cat", 0.9)]], says="a file."
    ),
    "frozen network": frozen,
    "transfer curve": lambda: figures.transfer_curve(CURVE, chance=0.1, title="A curve."),
    "worst mistakes": lambda: figures.worst_mistakes(small_set(), probabilities()),
    "against first": lambda: figures.against_first({"a": [[0.1, 0.1]], "b": [[0.1, 0.6]]}),
    "gradients by layer": lambda: figures.gradients_by_layer(
        {"a": {"first": 0.01, "last": 1.0}, "b": {"first": 1.0, "last": 1.0}}
    ),
    "measured": lambda: figures.measured({"a": [0.8, 0.9], "b": [0.9, 0.9]}, base="a"),
    "wrong settings": lambda: figures.wrong_settings(
        {0.01: 0.1, 0.1: 0.7, 1.0: 0.1}, {16: 0.7, 64: 0.4}
    ),
    "descending losses": lambda: figures.descending_losses({"SGD": [2.0, 1.5], "Adam": [2.0, 1]}),
    "network picture": lambda: figures.network_picture(models.LeNet(), torch.zeros(1, 1, 28, 28)),
    "first kernels": lambda: figures.first_kernels(
        torch.ones(2, 1, 3, 3), torch.stack([KERNEL, -KERNEL])[:, None]
    ),
    "maps by layer": lambda: figures.maps_by_layer(
        X, {"one": torch.zeros(2, 5, 5), "two": torch.ones(9, 2, 2)}
    ),
    "own picture": lambda: figures.own_picture(
        {"as\nit is": X, "swapped": 1 - X}, [torch.eye(10)[8], torch.eye(10)[1]], data.CLASSES
    ),
}

MOVING = {
    "dense to kernel": lambda: figures.dense_to_kernel(drawing("X")),
    "rolling balls": lambda: figures.rolling_balls(
        descent.two_valleys,
        {"a": path(2, 0.1, 4), "b": path(1, 0.1, 4)},
        between=(-3, 3),
        says="two.",
    ),
    "strided animation": lambda: figures.strided_animation(X, KERNEL, stride=2, padding=1),
    "gradient animation": lambda: figures.gradient_animation(MAP, GRADIENT, 2),
    "unfolding": unfolding,
    "peephole": lambda: figures.peephole(
        torch.linspace(0, 1, 192).view(3, 8, 8),
        torch.tensor([[0.2, 0.9], [0.4, 0.6]]),
        list("abab"),
        side=4,
        name="a",
    ),
}


# A sample. That all are described and shown once is seen where their arguments are tried,
# and the notebooks of `make test` draw them all.
EACH_SIXTH = list(DRAWN)[::6]
# Numbers in pixels, and curves; a photograph, hatching and a surface in CI.
ONE_OF_A_KIND = {"correlation", "curves"}


@pytest.mark.ci
@pytest.mark.parametrize("name", MOVING)
def test_the_same_animation_gives_the_same_bytes(name):
    assert MOVING[name]().png() == MOVING[name]().png()


@pytest.mark.parametrize("name", some(MOVING, {"peephole"}.__contains__))
def test_every_animation_is_small_and_described(name):
    animation = MOVING[name]()
    bundle, metadata = animation._repr_mimebundle_()
    assert metadata["image/png"]["alt"] in bundle["text/plain"]
    moving = base64.b64decode(bundle["image/png"])
    assert len(moving) <= 100_000
    with Image.open(io.BytesIO(moving)) as opened:
        assert opened.n_frames == animation.count > 1


def test_the_moving_window_fills_the_map_one_sum_at_a_time():
    figure = MOVING["strided animation"]().filmstrip([0, 8])
    first, last = ([text.get_text() for text in ax.texts] for ax in figure.axes)
    assert (len(first), len(last)) == (49 + 1, 49 + 9)
    assert last[-9:] == list("231143021")


def test_the_moving_window_crosses_out_at_its_end_what_it_never_read():
    moving = figures.strided_animation(torch.ones(6, 8), torch.ones(3, 3), stride=2, padding=0)
    hatches = [
        sum(patch.get_hatch() == "xxxx" for patch in ax.patches)
        for ax in moving.filmstrip([0, moving.count - 1]).axes
    ]
    assert hatches == [0, 6 + 8 - 1]
    assert "No window reads 13 of the 48 pixels." in moving.description


@pytest.mark.parametrize(
    "draw",
    [
        lambda by: figures.vanishing_borders(X.repeat(3, 3), 5, 3, by=by),
        lambda by: figures.padding_modes(X, 3, ("zeros", "reflect"), by=by),
    ],
)
def test_a_figure_of_maps_is_drawn_with_the_function_that_it_names(draw):
    class Mine:
        whose, calls = "your corr2d", 0

        def __call__(self, x, kernel):
            self.calls += 1
            return ops.corr2d(x, kernel)

    mine = Mine()
    assert draw(mine).description.endswith("Made by your corr2d.")
    assert mine.calls >= 3
    assert "Made by" not in draw(ops.corr2d).description


def test_the_window_in_steps_of_three_and_two_sums_to_0_8_6_8():
    x, kernel = torch.arange(9.0).reshape(3, 3), torch.arange(4.0).reshape(2, 2)
    figure = figures.strided_filmstrip(x, kernel, stride=(3, 2), padding=1)
    assert [ax.get_title().split(": ")[1] for ax in figure.axes] == ["0", "8", "6", "8"]
    assert "0 8 / 6 8" in figure.description


def test_zeros_draw_an_edge_around_a_picture_and_replicas_do_not():
    gray = torch.full((12, 12), 0.5)
    figure = figures.padding_modes(gray, 4, ("zeros", "reflect", "replicate", "circular"))
    assert "reflect 0.00, replicate 0.00, circular 0.00" in figure.description
    assert "zeros 0.00" not in figure.description


def test_a_difference_stands_in_the_middle_of_its_window():
    row = torch.tensor([0.0, 0.0, 0.5, 1.0, 1.0])
    figure = figures.row_profile(row, row[2:] - row[:-2])
    assert "(1.00) at column 2" in figure.description


def test_the_row_is_marked_on_the_picture_that_it_comes_from():
    cat = data.photograph()
    row = cat[80]
    figure = figures.row_profile(row, row[2:] - row[:-2], picture=cat, at=80)
    assert figure.description.startswith("a picture with a line along its row 80;")
    assert list(figure.axes[2].lines[0].get_ydata()) == [80, 80]
    with pytest.raises(ValueError, match=r"^at is \(160,\); expected a place in \(160,\)"):
        figures.row_profile(row, row[2:] - row[:-2], picture=cat, at=160)


def test_a_loss_that_grows_is_said_to_rise():
    figure = figures.learning([4.0, 8.0], {"step 0": KERNEL, "step 1": KERNEL})
    assert "The loss rises from 4 to 8" in figure._suptitle.get_text()


def test_maps_are_made_and_signed_by_the_function_that_is_handed_in():
    class Mine:
        whose = "your corr2d"

        def __call__(self, x, kernel):
            return 3 * ops.corr2d(x, kernel)

    drawn = {
        "correlation": figures.correlation(X, KERNEL, by=Mine()),
        "filmstrip": figures.filmstrip(X, KERNEL, by=Mine()),
        "matches": figures.match_maps({"x": X}, {"k": KERNEL}, by=Mine()),
        "maps": figures.feature_maps(X, {"k": KERNEL}, says="maps.", by=Mine()),
    }
    for name, figure in drawn.items():
        assert figure.description.endswith("Made by your corr2d."), name
    assert "12 9 12 / 6 12 9 / 6 9 12" in drawn["correlation"].description
    assert "12 9 12 / 6 12 9 / 6 9 12" in drawn["filmstrip"].description
    assert "in x, k: 12" in drawn["matches"].description
    assert drawn["maps"].axes[1].get_images()[0].get_array().max() == 12


def test_a_dense_layer_becomes_one_kernel():
    animation = figures.dense_to_kernel(torch.ones(4, 5), reach=1)
    shown = [ax.get_images()[1].get_array() for ax in animation.filmstrip([0, 3, 16]).axes]
    assert [matrix.shape for matrix in shown] == [(20, 20)] * 3
    dense, shared, local = map(torch.as_tensor, shown)
    assert not torch.equal(dense[0, :-1], dense[1, 1:])
    assert torch.equal(shared[0, :4], shared[1, 1:5])  # moved along with the unit
    assert shared.count_nonzero() == dense.count_nonzero() == 400
    with pytest.raises(ValueError, match=r"^reach is 4; expected less than 4"):
        figures.dense_to_kernel(torch.ones(4, 5), reach=4)
    near = [
        (abs(i // 5 - k // 5) <= 1 and abs(i % 5 - k % 5) <= 1)
        for i in range(20)
        for k in range(20)
    ]
    assert torch.equal(local != 0, torch.tensor(near).view(20, 20))


def test_the_scores_of_a_match_are_printed_large_enough_to_read():
    figure = DRAWN["match maps"]()
    assert min(text.get_fontsize() for ax in figure.axes for text in ax.texts) >= 8


def test_dropped_rows_and_padding_are_hatched():
    figure = figures.window_settings(8, 3, strides=(1, 2), paddings=(0, 1), dilations=(1,))
    hatches = [{patch.get_hatch() for patch in ax.patches} for ax in figure.axes]
    assert ["xxxx" in found for found in hatches] == [False, False, True, True]
    assert "stride 2, padding 0, dilation 1: 3×3, 1 left behind" in figure.description


@pytest.mark.parametrize("name", some(DRAWN, EACH_SIXTH.__contains__))
def test_every_figure_is_drawn_described_and_shown_once(name):
    figure = DRAWN[name]()
    assert figure.description != "a figure"
    assert plt.get_fignums() == [], "a figure that pyplot knows would be shown twice"
    assert faint_texts(figure) == {}  # this draws it
    assert small_texts(figure) == {}
    assert figure.get_figwidth() <= ON_A_SLIDE or name == "strided filmstrip"  # a frame a column


@pytest.mark.parametrize("name", some(DRAWN, ONE_OF_A_KIND.__contains__))
def test_the_same_figure_gives_the_same_bytes(name):
    picture = DRAWN[name]().png()
    assert picture.startswith(b"\x89PNG")
    assert picture == DRAWN[name]().png()


def test_every_public_figure_is_drawn_here():
    helpers = {"LessonFigure", "LessonAnimation", "ending", "panels", "pixels"}
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


def test_measured_rows_stand_in_the_order_of_their_means():
    figure = figures.measured({"a": [0.8], "b": [0.7], "c": [0.9, 0.92]}, base="a")
    assert "c 0.910, a 0.800, b 0.700" in figure.description
    assert "1 of 2 changes gain more than their spread" in figure.axes[0].get_title()


def test_a_gain_within_its_spread_over_the_seeds_is_not_counted():
    rows = {"a": [0.80, 0.82], "luck": [0.79, 0.85], "gain": [0.81, 0.84]}
    assert "1 of 2 changes gain" in figures.measured(rows, base="a").axes[0].get_title()


def test_each_change_is_drawn_over_the_first_in_a_panel_of_its_own():
    curves = {"a": [[0.1, 0.1], [0.1, 0.2]], "b": [[0.1, 0.6]], "c": [[0.1, 0.5]]}
    figure = figures.against_first(curves)
    assert [ax.get_title() for ax in figure.axes] == ["b", "c"]
    assert [len(ax.get_lines()) for ax in figure.axes] == [2 + 1 + 1, 2 + 1 + 1]


def test_a_layer_of_which_not_all_maps_are_drawn_says_so():
    maps = {"one": torch.ones(2, 5, 5), "two": torch.ones(9, 2, 2)}
    figure = figures.maps_by_layer(X, maps, columns=3)
    titles = [ax.get_title(loc="left") for ax in figure.axes]
    assert [title for title in titles if title] == ["one: 2×5×5", "two: 9×2×2, the first 3"]


def test_ones_own_picture_says_what_it_is_called():
    figure = DRAWN["own picture"]()
    assert [ax.get_title() for ax in figure.axes][1::2] == ["Bag 100%", "Trouser 100%"]
    assert "as it is and swapped" in figure.description


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


def test_the_numbers_that_come_back_are_those_of_autograd():
    x, hidden = torch.tensor([2.0, 1]), torch.tensor([[1.0, 1], [-1, 1]], requires_grad=True)
    output = torch.tensor([2.0, 3], requires_grad=True)
    ((output @ torch.relu(hidden @ x) - 5) ** 2 / 2).backward()
    assert hidden.grad.tolist() == [[4, 2], [0, 0]]
    assert output.grad.tolist() == [3, 0]
    said = by_hand().description
    assert "are 3 and 0 of the output's weights and 4 and 2 and 0 and 0 of the hidden" in said
    assert "output 6 where 5 is wanted" in said


def test_a_ball_rests_on_the_curve_at_each_step_and_flies_between():
    balls = MOVING["rolling balls"]()
    figure = balls.filmstrip([0, 3, 6])
    ys = [float(ax.get_lines()[2].get_ydata()[0]) for ax in figure.axes]
    start, end = path(2, 0.1, 4)[:2]
    assert ys[0] == pytest.approx(float(descent.two_valleys(start)))
    assert ys[2] == pytest.approx(float(descent.two_valleys(end)))
    assert ys[1] > (ys[0] + ys[2]) / 2
    with pytest.raises(
        ValueError, match=r"^paths holds 2; expected one or two, of the same length"
    ):
        figures.rolling_balls(parabola, {"a": path(), "b": path(steps=3)}, between=(0, 1), says="")


def test_the_diagram_of_a_neuron_says_its_sum_and_its_output():
    figure = figures.neuron([2, -1, 0.5], [1.5, 1, -2], -0.5)
    assert "A weighted sum of 0.5, so the output is 1" in figure.axes[0].get_title()
    assert "2·1.5 + (−1)·1 + 0.5·(−2) + 1·(−0.5) = 0.5" in figure.description
    assert "output is 0" in figures.neuron([1], [1], -1).axes[0].get_title(), "0 is not above 0"


def test_points_on_the_wrong_side_are_counted_and_ringed():
    x, labels = torch.tensor([[-1.0, 0.0], [1.0, 0.0], [2.0, 0.0]]), torch.tensor([0, 0, 1])
    figure = figures.regions({"a line": (x, labels, lambda p: p[:, 0])}, says="a line.")
    assert "1 of 3 wrong" in figure.axes[0].get_title()
    rings = [
        c for c in figure.axes[0].collections if len(c.get_offsets()) == 1 and c.get_zorder() == 4
    ]
    assert rings[0].get_offsets().tolist() == [[1.0, 0.0]]


def test_a_rule_that_says_one_label_everywhere_can_be_drawn():
    x, labels = points.xor_clouds(1)
    drawn = figures.regions({"none": (x, labels, lambda p: p[:, 0] * 0)}, says="one label.")
    assert "2 of 4 wrong" in drawn.description


@pytest.mark.parametrize(
    ("rate", "says"),
    [
        (0.05, "still between 11.86 and 15.15"),
        (0.3, "settles at 3.00"),
        (1.0, "bounces between −12 and 18"),
        (1.1, "runs away"),
    ],
)
def test_the_end_of_a_descent_is_told_from_its_path(rate, says):
    assert figures.ending(path(rate=rate, steps=5 if rate == 0.05 else 20)) == says


@pytest.mark.ci
def test_an_animation_is_small_and_the_same_each_time():
    moving = animation(steps=29)
    picture = moving.png()
    assert picture == moving.png()
    assert len(picture) < 60_000
    frames = Image.open(io.BytesIO(picture))
    assert (frames.n_frames, frames.info["loop"]) == (30, 0)
    frames.seek(0)
    first = frames.convert("RGB")
    assert first.getpixel((0, 0)) == (255, 255, 255)
    frames.seek(29)
    assert ImageChops.difference(first, frames.convert("RGB")).getbbox()


def test_a_notebook_gets_the_animation_as_a_picture_with_its_description():
    bundle, metadata = animation()._repr_mimebundle_()
    assert bundle["text/plain"] == "Animation of 4 frames: a descent from 18."
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert metadata["image/png"] == {"alt": "a descent from 18.", "width": 461, "height": 288}


def test_an_animation_names_what_it_cannot_do():
    with pytest.raises(ValueError, match="count is 0; expected at least 1"):
        figures.LessonAnimation(print, 0, says="nothing")
    for frames, says in (
        ([], "frames is empty"),
        ([4], r"frames is \[4\]; expected some of 0 to 3"),
        ([-1], r"frames\[0\] is -1; expected at least 0"),
    ):
        with pytest.raises(ValueError, match=says):
            animation().filmstrip(frames)


def test_the_pooled_response_forgives_until_the_windows_border():
    curves = changes(range(5), row=3, first=4, window=4)
    assert list(curves.values()) == [
        [0, 1, 1, 1, 1],  # before pooling
        [0, 0, 0, 0, 1],  # from a window's first column
        [0, 1, 1, 1, 1],  # from its last
        [0, 0.25, 0.5, 0.75, 1],  # mean of the four starts
    ]


def test_the_gradient_routes_name_the_winners():
    said = DRAWN["gradient routes"]().description
    assert "row 0 column 0, row 1 column 2, row 2 column 0, row 3 column 3" in said
    assert "1 0 0 0 / 0 0 2 0 / -3 0 0 0 / 0 0 0 4" in said


def test_what_a_layer_leaves_unread_is_said():
    assert "12% unread" in DRAWN["reading counts"]().axes[0].get_title()
    assert "9 pixels left over" in DRAWN["leftovers"]().axes[0].get_title()


def test_a_volume_writes_the_arithmetic_of_every_output_pixel():
    figure = volume()
    written = [text.get_text() for text in figure.axes[-1].texts]
    assert len(written) == 9
    assert written[7] == "4 + (−1) + 6 + 1 = 10"
    assert "the output is 2 3 3 / 3 7 3 / 8 10 -3" in figure.description
    hatched = [patch for patch in figure.axes[0].patches if patch.get_hatch()]
    assert len(hatched) == 7 * 7 - 5 * 5


def test_a_volume_is_made_by_the_function_that_it_names():
    x, weight, bias = two_filters()
    twice = Own("corr2d", answer=..., mine=None, course=lambda *pair: 2 * ops.corr2d(*pair))
    figure = figures.volume(x, weight[0], bias[0], stride=2, at=(0, 0), name="filter 0", by=twice)
    assert figure.description.endswith("Made by the course’s corr2d.")
    first = float(2 * ops.corr2d(x[0], weight[0, 0])[0, 0])
    assert f"Partial sums, channel 0: {first:g} " in figure.description


def test_a_filter_is_linked_to_the_channels_that_it_sees():
    figure = links()
    assert "full: 8 kernels, 76 weights; separable: 2 + 8 kernels, 26 weights" in figure.description
    full, separable = (
        [line for line in ax.lines if line.get_marker() == "None"] for ax in figure.axes
    )
    assert [line.get_linestyle() for line in full] == ["-"] * 8
    assert [line.get_linestyle() for line in separable] == ["-"] * 2 + ["--"] * 8
    assert all(len(set(line.get_ydata())) == 1 for line in separable[:2]), "one channel each"
    with pytest.raises(ValueError, match=r"^layers\['a'\] holds ReLU; expected nn.Conv2d alone$"):
        figures.channel_links({"a": nn.ReLU()})


def test_windows_become_columns_one_a_frame():
    moving = unfolding()
    assert moving.count == 6
    assert "columns, one after another: 1 1 1 0 1 1 / 1 1 0 1 1 1 / " in moving.description
    numbers = [
        sum(text.get_text().lstrip("−").isdigit() for text in ax.texts)
        for ax in moving.filmstrip([0, 5]).axes
    ]
    assert numbers == [12 + 8 + 4 + 2, 12 + 8 + 24 + 12]


def test_a_sum_over_channels_has_one_scale():
    figure = DRAWN["channel sum"]()
    limits = {ax.images[0].get_clim() for ax in figure.axes}
    assert limits == {(-float(3 * KERNEL.abs().max()), float(3 * KERNEL.abs().max()))}


def test_the_flattest_activation_is_named_with_its_largest_slope():
    curves = {"ReLU": F.relu, "sigmoid": torch.sigmoid}
    right = figures.activations(curves).axes[1]
    assert right.get_title() == "Sigmoid's slope never exceeds 0.25"


def test_modes_hatch_what_dropout_zeroed_and_their_description_leaves_chance_out():
    seen = set()
    for seed in range(3):
        figure = two_modes(seed)
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


def test_a_curve_says_its_means_and_draws_the_span_of_its_runs():
    figure = DRAWN["transfer curve"]()
    assert "at 1, 5 images a class: scratch 20, 30; probe 55, 80; chance 10." in figure.description
    spans = [bars.get_segments() for bars in figure.axes[0].collections]
    ends = sorted(round(float(y), 6) for y in spans[1][0][:, 1])
    assert ends == [0.5, 0.6]
    assert [round(x) for x in figure.axes[0].get_xticks()] == [1, 5]


def test_runs_that_agree_have_a_span_of_nothing():
    alike = {"probe": {1: [0.1] * 5, 50: [0.895] * 5}}
    assert figures.transfer_curve(alike, chance=0.1, title="A curve.").png()


def test_frozen_parts_are_hatched_and_counted():
    figure = frozen()
    hatched = [patch.get_hatch() for patch in figure.axes[0].patches]
    assert hatched == ["///"] * 6 + [None]
    assert "layer4 0 of 919,040, fc 2,570 of 2,570." in figure.description


def test_a_wrong_call_is_marked_by_more_than_its_colour():
    titles = [ax.get_title() for ax in DRAWN["heat maps"]().axes]
    assert titles[0::3] == ["✓ is a", "✗ is b"]
    assert titles[1:3] == ["for a", "for b: nothing"]


def test_an_augmentation_is_drawn_anew_for_each_panel():
    calls = []
    figures.augmentations(
        COLOUR[0], {"counted": lambda x: calls.append(x) or x}, title="one", draws=3
    )
    assert len(calls) == 3


@pytest.mark.parametrize(
    "shown",
    [figures.correlation(X, KERNEL), figures.dense_to_kernel(X)],
    ids=["figure", "animation"],
)
def test_a_grader_is_told_a_picture_in_words_and_nothing_is_drawn(shown, monkeypatch):
    said = []
    monkeypatch.setattr(canvas, "display", lambda data, raw: said.append(data))
    with pytest.raises(NotImplementedError):
        shown._ipython_display_()  # IPython then draws, as ever
    assert said == []
    monkeypatch.setenv(settings.PICTURES, "words")
    monkeypatch.setattr(type(shown), "png", None)
    shown._ipython_display_()
    assert said == [{"text/plain": repr(shown)}]


READABLE = 4.5  # to 1: what WCAG 2.1 AA asks of text
SMALLEST = 9  # points, which 16 px need on a slide as wide as a figure of 9.125 inches
ON_A_SLIDE = 9.125


def small_texts(figure):
    shown = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]
    return {t.get_text(): t.get_fontsize() for t in shown if t.get_fontsize() < SMALLEST}


def faint_texts(figure):
    found = texts_with_contrast(figure)
    return {text: round(contrast, 2) for text, contrast in found if contrast < READABLE}


@pytest.mark.parametrize("name", some(MOVING, {"gradient animation"}.__contains__))
def test_every_text_of_an_animation_stands_out_from_its_ground(name):
    moving = MOVING[name]()
    for frame in sorted({0, moving.count // 2, moving.count - 1}):
        assert faint_texts(moving.still(frame)) == {}
        assert small_texts(moving.still(frame)) == {}


@pytest.mark.parametrize(
    ("colour", "ground", "readable"),
    [("#222222", "white", True), ("#999999", "white", False), ("#222222", "#5E3C99", False)],
)
def test_faint_text_is_found(colour, ground, readable):
    figure = LessonFigure(figsize=(2, 1), facecolor=ground)
    figure.text(0.5, 0.5, "words", color=colour)
    ((text, found),) = texts_with_contrast(figure)
    assert text == "words"
    assert (found >= READABLE) == readable


def test_small_text_is_found():
    figure = LessonFigure(figsize=(2, 1))
    figure.text(0.5, 0.5, "words", fontsize=8.5)
    figure.text(0.5, 0.2, "larger", fontsize=9)
    assert small_texts(figure) == {"words": 8.5}


def test_panels_that_would_be_wider_than_a_slide_stand_closer():
    wide, _ = figures.panels([(3, 3)] * 6, pixel=0.4, gap=0.45)
    narrow, _ = figures.panels([(3, 3)] * 2, pixel=0.4, gap=0.45)
    assert wide.get_figwidth() == pytest.approx(9.1)
    assert narrow.get_figwidth() == pytest.approx(2 * 1.2 + 3 * 0.45)


def test_a_package_that_registers_for_matplotlibs_figures_does_not_draw_ours(monkeypatch):
    """d2l's formatter crops: the picture would no longer have the size that is stored with it."""
    formatter = DisplayFormatter()
    formatter.formatters["image/png"].for_type(Figure, lambda figure: b"cropped")
    shell = SimpleNamespace(display_formatter=formatter)
    monkeypatch.setattr(canvas, "get_ipython", lambda: shell)
    figure = figures.matrices({"a": torch.eye(2)}, says="ones")
    data, metadata = formatter.format(figure)
    assert data["image/png"] == base64.b64encode(figure.png()).decode()
    assert set(metadata["image/png"]) == {"alt", "height", "width"}
    assert formatter.format(Figure())[0]["image/png"] == b"cropped"


def test_a_picture_that_nobody_keeps_is_the_same_one_in_more_bytes(monkeypatch):
    figure = figures.filmstrip(torch.eye(5), torch.eye(3))
    kept = figure.png()
    monkeypatch.setenv("COURSEKIT_PICTURES", "unkept")
    unkept = figure.png()
    assert len(unkept) > len(kept)
    first, second = (Image.open(io.BytesIO(png)).convert("RGB") for png in (kept, unkept))
    extrema = ImageChops.difference(first, second).getextrema()
    assert max(most for _, most in extrema) <= 16  # what a palette costs
    with Image.open(io.BytesIO(animation(8).png())) as moving:
        assert moving.n_frames == 3
