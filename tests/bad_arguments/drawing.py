"""The calls that are varied of every figure."""

import torch
from matplotlib.figure import Figure
from torch import nn

from bad_arguments.kinds import (
    FLAG,
    FUNCTION,
    HUGE,
    INFINITY,
    INSTANCE,
    MODEL,
    NAN,
    TEXT,
    Kind,
    a_tensor,
    among,
    drawable,
    named,
    pair,
    real,
    tensor,
    whole,
)
from coursekit import data, figures, training
from coursekit.data.folder_set import Pictures
from coursekit.machine.paths import course_folder
from coursekit.shapes import Layer

X, K, ROW = a_tensor(5, 5), a_tensor(2, 2), a_tensor(5)
COLOURS = torch.arange(2 * 3 * 4 * 4, dtype=torch.uint8).reshape(2, 3, 4, 4)
SET = data.ImageSet(
    torch.zeros(10, 1, 28, 28, dtype=torch.uint8), torch.arange(10), data.CLASSES, "a set", False
)
FOLDER_SET = Pictures(COLOURS, torch.tensor([0, 1]), ("key", "snail"), ("", ""))
HISTORY = training.History([1.2, 0.6], [0.4, 0.7], [], [1.0, 1.0])
POINTS, BITS = a_tensor(2, 2), torch.tensor([0, 1])


def sees_nothing(picture):
    return False


PATHS = {"a": torch.tensor([2.0, 1.0, 0.5])}
CAT = course_folder("data") / "photographs" / "cat.png"
LAYERS = [Layer(3), Layer(3)]


def parabola(x):
    return x**2


def bowl(w):
    return (w**2).sum(dim=-1)


def axes():
    return Figure().subplots()


MATRIX, STACK, LINE = drawable(2), drawable(3), tensor(1, bad=[torch.zeros(0), torch.ones(2) * 1j])
IMAGE = drawable(3, bad=[torch.zeros(1, 4, 4), torch.zeros(4, 4, 4)])
MATRICES = named(
    {"a": ROW}, {"a": 3}, {3: X}, {"a": torch.full((2, 2), NAN)}, {"a": torch.zeros(0, 2)}
)
STACKS = named({"a": ROW}, {"a": 3}, {3: a_tensor(2, 3, 3)}, {"a": torch.full((2, 2, 2), NAN)})
WALKS = named({"a": X}, {"a": 3}, {3: ROW}, {"a": torch.zeros(0)})
FEW = whole(1, HUGE)
COLUMNS = {"columns": FEW}
TEXTS = among("ab", [3], ["a", 3])
LENGTH = real(low=0)
SPAN = Kind([3, NAN, (1,), (1, 2, 3), ("a", "b"), (2, 1), (1, 1), (0, NAN), (0, INFINITY)])
PLACE = Kind([3, NAN, (1,), (1, 2, 3), (-1, 0), (0, -1), (99, 0), (0, 99), (0.0, 0), ("0", "0")])
SAID = {"says": TEXT}
CLASSES = among("ab", [3] * 10, ["a"])
RUNS = {"a": [[0.1, 0.1]], "b": [[0.1, 0.6]]}
WINDOW = whole(1, 99, HUGE)

CANVAS = {
    "panels": (
        {"sizes": [(2, 3)], "pixel": 0.3},
        {"sizes": among([3], [(1, 2, 3)], [(0, 1)], [("a", 1)], [(NAN, 1)]), "pixel": LENGTH,
         "columns": FEW.may_be(None), "gap": real(low=-0.1)},
    ),
    "pixels": (
        lambda: {"ax": axes(), "image": X},
        {"ax": INSTANCE, "image": MATRIX, "title": TEXT, "kind": Kind([3, NAN, "grey", ["gray"]]),
         "limits": SPAN.may_be(None), "numbers": FLAG.may_be(None), "grid": FLAG.may_be(None)},
    ),
    "LessonAnimation": (
        {"paint": lambda ax, frame: None, "count": 2, "says": "a"},
        {"paint": FUNCTION, "count": FEW, **SAID, "milliseconds": whole(1),
         "size": Kind([3, NAN, (1,), (1, 2, 3), (0, 1), (-1, 1), ("a", 1), (NAN, 1)])},
    ),
    "LessonAnimation.filmstrip": (
        {"self": figures.LessonAnimation(lambda ax, frame: None, 2, says="a"), "frames": [0, 1]},
        {"frames": among([2], [-1], ["0"], [0.0], "01"), **COLUMNS},
    ),
}  # fmt: skip
CHANNELS = {
    "colour_planes": ({"image": COLOURS[0] / 255}, {"image": IMAGE}),
    "channel_sum": ({"maps": a_tensor(2, 3, 3)}, {"maps": STACK}),
    "volume": (
        {"x": a_tensor(2, 5, 5), "weight": a_tensor(2, 3, 3), "bias": torch.tensor(1.0), "stride": 2, "at": (0, 0), "name": "f"},
        {"x": drawable(3, bad=[a_tensor(3, 5, 5)]), "weight": drawable(3, bad=[a_tensor(3, 3, 3), a_tensor(2, 9, 9)]),
         "bias": real(tensors=True), "stride": whole(1), "at": PLACE, "name": TEXT, "padding": whole(0, 9, HUGE), "by": FUNCTION},
    ),
    "channel_links": (
        {"layers": {"a": nn.Conv2d(2, 2, 1)}},
        {"layers": named({"a": 3}, {3: nn.Conv2d(2, 2, 1)}, {"a": nn.ReLU()}, {"a": nn.Sequential()})},
    ),
    "unfolding": (
        {"x": X, "filters": a_tensor(2, 2, 2)},
        {"x": MATRIX, "filters": drawable(3, bad=[a_tensor(1, 9, 2)])},
    ),
    "train_and_eval": (
        lambda: {"batch": a_tensor(2, 2), "layers": {"norm": nn.BatchNorm2d(2)}},
        {"batch": MATRIX, "layers": named({"a": 3}, {3: nn.Identity()}, {"a": nn.BatchNorm2d})},
    ),
}  # fmt: skip
CLASSIFYING = {
    "class_sheet": ({"data": SET}, {"data": INSTANCE, "per_class": FEW}),
    "training_curves": ({"history": HISTORY}, {"history": Kind([*INSTANCE.bad, training.History()])}),
    "confusion_matrix": (
        {"counts": torch.eye(2, dtype=torch.int64), "classes": ("a", "b")},
        {"counts": drawable(2, bad=[a_tensor(2, 3), torch.eye(3), -torch.eye(2)]), "classes": CLASSES},
    ),
    "worst_mistakes": (
        {"data": SET, "probabilities": torch.eye(10).roll(1, 0)},
        {"data": INSTANCE, "probabilities": drawable(2, bad=[torch.eye(10)[:5], torch.eye(10)]), "count": FEW},
    ),
}  # fmt: skip
COLOURED = {
    "colour_sheet": ({"data": FOLDER_SET, "title": "a"}, {"data": INSTANCE, "per_class": FEW, "title": TEXT}),
    "augmentations": (
        {"image": COLOURS[0], "transforms": {"as it is": lambda x: x}, "title": "a"},
        {"image": IMAGE, "transforms": named({"a": 3}, {3: abs}), "title": TEXT, "draws": FEW},
    ),
    "turned_digits": (
        {"letters": list("ABCDE")},
        {"letters": among("ABC", ["A"] * 4, [3] * 5), "digits": Kind([3, NAN, True, ["2"], "", " "]).may_be("three")},
    ),
    "layer_features": (
        {"image": COLOURS[0], "maps": {"a": a_tensor(2, 3, 3)}, "title": "a", "says": "a"},
        {"image": IMAGE, "maps": STACKS, "title": TEXT, **SAID, "show": FEW},
    ),
    "heat_maps": (
        {"images": COLOURS, "heats": torch.zeros(2, 2, 4, 4) + torch.eye(4), "names": [["a", "b"]] * 2, "titles": ["a", "b"], "says": "a"},
        {"images": drawable(4, bad=[COLOURS[:, :1], COLOURS[:1]]), "heats": drawable(4, bad=[torch.ones(1, 2, 4, 4), torch.ones(2, 2, 3, 3)]),
         "names": among([3, 3], ["a", "b"], [["a", "b"]], [["a"]] * 2), "titles": among("ab", [3, 3], ["a"]), **SAID},
    ),
    "named_pictures": (
        {"images": [COLOURS[0]], "names": ["a"], "title": "a"},
        {"images": among([3], [torch.ones(4, 4)], [COLOURS[0]] * 2), "names": among("a", [3], ["a", "b"]), "title": TEXT, "columns": FEW},
    ),
    "peephole": (
        {"image": COLOURS[0], "chances": torch.ones(2, 2) / 2, "called": list("abcd"), "side": 2, "name": "a"},
        {"image": IMAGE, "chances": MATRIX, "called": among("a", ["a"], [3] * 4), "side": FEW, "name": TEXT},
    ),
}  # fmt: skip
COMPARING = {
    "against_first": (
        {"curves": RUNS},
        {"curves": named({"a": [[0.1]]}, {"a": [0.1], "b": [0.1]}, {"a": [["x"]], "b": [["x"]]}, {"a": [], "b": []},
                         {"a": [[]], "b": [[]]}), **COLUMNS},
    ),
    "gradients_by_layer": (
        {"norms": {"a": {"first": 0.1, "last": 1.0}}},
        {"norms": named({"a": {}}, {"a": {"first": 1.0}}, {"a": {"first": "1", "last": 1}}, {"a": {"first": 1.0, "last": NAN}},
                        {"a": {"first": 1.0, "last": 0.0}})},
    ),
    "measured": (
        {"rows": {"a": [0.8], "b": [0.9]}, "base": "a"},
        {"rows": named({"a": []}, {"a": 0.1}, {"a": ["x"]}, {"a": [NAN]}, {"b": [0.1]}), "base": Kind([3, NAN, "c", ["a"]]), "what": TEXT},
    ),
    "wrong_settings": (
        {"rates": {0.01: 0.1, 0.1: 0.7}, "sizes": {16: 0.7}},
        {name: named({"a": 0.1}, {0.1: "a"}, {0.1: NAN}, {0: 0.1}, {-1.0: 0.1}) for name in ("rates", "sizes")},
    ),
    "descending_losses": (
        {"losses": {"a": [0.8, 0.7], "b": [0.9]}},
        {"losses": named({"a": []}, {"a": 0.1}, {"a": ["x"]}, {"a": [NAN]}), "window": whole(1, HUGE)},
    ),
}  # fmt: skip
DESCENDING = {
    "ending": ({"path": ROW}, {"path": LINE}),
    "descents": ({"function": parabola, "paths": PATHS, "between": (-3, 3)}, {"function": FUNCTION, "paths": WALKS, "between": SPAN, **COLUMNS}),
    "errors": (
        {"paths": PATHS, "target": 0},
        {"paths": named(*WALKS.bad[5:], {"a": torch.ones(2)}), "target": real(), "steps": whole(1, HUGE)},
    ),
    "loss_contours": (
        {"loss": bowl, "paths": {"a": POINTS}},
        {"loss": FUNCTION, "paths": named({"a": ROW}, {"a": 3}, {3: POINTS}, {"a": a_tensor(2, 3)}, {"a": torch.zeros(0, 2)}), "reach": LENGTH},
    ),
    "start_question": (
        {"function": parabola, "start": 1.0, "between": (-3, 3)},
        {"function": FUNCTION, "start": real(), "between": SPAN},
    ),
    "rolling_balls": (
        {"function": parabola, "paths": PATHS, "between": (-3, 3), "says": "a"},
        {"function": FUNCTION, "paths": named(*WALKS.bad[5:], {"a": ROW, "b": ROW[1:]}), "between": SPAN, **SAID},
    ),
    "vision_tasks": ({"photograph": a_tensor(3, 5, 5) / 75}, {"photograph": drawable(3, bad=[a_tensor(2, 5, 5)])}),
    "propagation": (
        {"x": torch.ones(2), "hidden_weight": torch.ones(2, 2), "output_weight": torch.ones(2), "wanted": 1.0},
        {"x": drawable(1, bad=[ROW]), "hidden_weight": drawable(2, bad=[X]), "output_weight": drawable(1, bad=[ROW]), "wanted": real()},
    ),
    "descent_animation": (
        {"function": parabola, "path": ROW, "between": (-3, 3), "says": "a"},
        {"function": FUNCTION, "path": LINE, "between": SPAN, **SAID},
    ),
}  # fmt: skip
EXPLORING = {
    "explorer.still.explored": (
        {"x": a_tensor(1, 5, 5), "weight": a_tensor(1, 1, 2, 2), "out": a_tensor(1, 4, 4), "mode": "conv", "at": (0, 1, 1)},
        {"x": drawable(3, bad=[a_tensor(2, 5, 5)]), "weight": drawable(4, bad=[a_tensor(1, 2, 2, 2)]), "out": STACK,
         "mode": Kind([3, NAN, "min", ["conv"]]),
         "at": Kind([3, NAN, (0, 0), (9, 0, 0), (0, 9, 0), (0, 0, 9), (-1, 0, 0), (0.0, 0, 0)]),
         "stride": pair(1), "padding": pair(0), "dilation": pair(1), "predict": FLAG},
    ),
    "first_kernels": (
        {"before": a_tensor(2, 1, 3, 3), "after": a_tensor(2, 1, 3, 3) + 1},
        {"before": drawable(4, bad=[a_tensor(1, 1, 3, 3), a_tensor(2, 1, 2, 2), torch.zeros(2, 1, 3, 3)]),
         "after": drawable(4, bad=[a_tensor(1, 1, 3, 3), a_tensor(2, 1, 2, 2)])},
    ),
    "maps_by_layer": (
        {"image": X, "maps": {"a": a_tensor(2, 3, 3), "b": a_tensor(2, 3, 3)}},
        {"image": MATRIX, "maps": named(*STACKS.bad[5:], {"a": a_tensor(2, 3, 3)}), **COLUMNS},
    ),
    "own_picture": (
        {"pictures": {"a": X}, "probabilities": [ROW / 15], "classes": list("abcde")},
        {"pictures": MATRICES, "probabilities": among([X], [3], [ROW, ROW], [a_tensor(4)], [torch.full((5,), NAN)]),
         "classes": among("abcde", [3] * 5, ["a"])},
    ),
}  # fmt: skip
MATCHING = {
    "matrices": (
        {"named": {"a": X}, "says": "a"},
        {"named": MATRICES, **SAID, "kinds": among(["grey"], [3], "gray"), "pixel": LENGTH, "columns": FEW.may_be(None)},
    ),
    "match_maps": (
        {"images": {"a": X}, "features": {"b": K}},
        {"images": MATRICES, "features": named(*MATRICES.bad[5:], {"b": a_tensor(9, 9)}), "by": FUNCTION},
    ),
    "dense_to_kernel": ({"image": X}, {"image": MATRIX, "reach": whole(1, 5, HUGE)}),
    "which_filter": (
        {"photograph": X, "kernels": {"A": K}, "made_with": "A"},
        {"photograph": MATRIX, "kernels": named(*MATRICES.bad[5:], {"B": K}), "made_with": Kind([3, NAN, "B", ["A"]])},
    ),
    "learning": (
        {"losses": [2.0, 1.0], "kernels": {"a": K, "b": K}},
        {"losses": among([], ["a"], [NAN], "21"), "kernels": named(*MATRICES.bad[5:], {"a": K})},
    ),
    "activations": ({"functions": {"ReLU": torch.relu}}, {"functions": named({"a": 3}, {3: abs}, {str(n): abs for n in range(7)})}),
    "network_shapes": (
        {"model": nn.Sequential(nn.Conv2d(1, 2, 2)), "x": torch.zeros(1, 1, 5, 5)},
        {"model": Kind([*MODEL.bad, nn.Linear(2, 2), nn.Sequential()]), "x": tensor(4, bad=[torch.zeros(1, 2, 5, 5)])},
    ),
    "network_picture": (
        {"model": nn.Sequential(nn.Conv2d(1, 2, 2)), "x": torch.zeros(1, 1, 5, 5)},
        {"model": Kind([*MODEL.bad, nn.Linear(2, 2), nn.Sequential()]), "x": tensor(4, bad=[torch.zeros(1, 2, 5, 5)])},
    ),
    "times": (
        {"seconds": {"a": 1.0, "b": 2.0}, "fastest": "a"},
        {"seconds": named({"a": "1"}, {"a": 0.0}, {"a": NAN}, {"a": -1.0}).may_be({"a": 1}), "fastest": Kind([3, NAN, "c", ["a"]])},
    ),
}  # fmt: skip
WINDOWS = {
    "vanishing_borders": ({"image": X, "kernel": 3, "layers": 1}, {"image": MATRIX, "kernel": whole(1, 9, HUGE), "layers": whole(1, 9, HUGE), "by": FUNCTION}),
    "padding_modes": (
        {"image": X, "padding": 3, "modes": ["zeros"]},
        {"image": MATRIX, "padding": whole(2, HUGE), "modes": among("zeros", ["mirror"], [3]), "by": FUNCTION},
    ),
    "window_settings": (
        {"n": 8, "kernel": 3, "strides": [1], "paddings": [0], "dilations": [1]},
        {"n": whole(1, HUGE), "kernel": whole(1, 9, HUGE), "strides": among([0], ["1"], [1.0], "1"), "paddings": among([-1], ["1"], [1.0], [HUGE]),
         "dilations": among([0], ["1"], [1.0], [9]), "pixel": LENGTH},
    ),
    "pooled_maps": (
        {"x": X, "window": 2, "pooled": {"a": K}},
        {"x": MATRIX, "window": WINDOW, "pooled": MATRICES, "stride": whole(1).may_be(None), "padding": whole(0, 9, HUGE)},
    ),
    "leftovers": ({"x": X, "window": 2}, {"x": MATRIX, "window": WINDOW}),
    **{
        f"gradient_{what}": (
            {"x": a_tensor(4, 4), "grad_out": K, "window": 2},
            {"x": MATRIX, "grad_out": drawable(2, bad=[X]), "window": WINDOW, "by": FUNCTION},
        )
        for what in ("routes", "animation")
    },
    "reading_counts": ({"layers": {"a": X}}, {"layers": MATRICES}),
    "which_pool": ({"image": X, "options": {"A": K}}, {"image": MATRIX, "options": MATRICES}),
    "padded_correlation": (
        {"x": X, "kernel": K, "padding": 1},
        {"x": MATRIX, "kernel": drawable(2, bad=[a_tensor(9, 9)]), "padding": pair(0)},
    ),
    "receptive_fields": ({"stacks": {"a": LAYERS}}, {"stacks": named({"a": []}, {"a": [3]}, {"a": [Layer(0)]}, {3: LAYERS})}),
    **{
        f"strided_{what}": (
            {"x": X, "kernel": K, "stride": 1, "padding": 0},
            {"x": MATRIX, "kernel": drawable(2, bad=[a_tensor(9, 9)]), "stride": pair(1), "padding": pair(0)},
        )
        for what in ("animation", "filmstrip")
    },
}  # fmt: skip
SLIDING = {
    "neuron": (
        {"inputs": [1, 2], "weights": [1, 2], "bias": 0},
        {"inputs": among([1], ["a", 1], [NAN, 1], "12"), "weights": among([1], ["a", 1], [NAN, 1], "12"), "bias": real()},
    ),
    "regions": (
        {"panels": {"a": (POINTS, BITS, None)}, "says": "a"},
        {"panels": named({"a": (POINTS, BITS)}, {"a": (a_tensor(2, 3), BITS, None)}, {"a": (POINTS, BITS[:1], None)}, {"a": (POINTS, BITS, 3)},
                         {"a": (POINTS * NAN, BITS, None)}, {"a": (POINTS, BITS + 1, None)}), **SAID, **COLUMNS},
    ),
    "detections": (
        {"images": {"a": X}, "responses": {"a": X}},
        {"images": named(*MATRICES.bad[5:], {"b": X}), "responses": named(*MATRICES.bad[5:], {"b": X})},
    ),
    "detector_board": (
        {"detectors": {"a": sees_nothing}},
        {
            "detectors": named(*MATRICES.bad[5:6], {"a": 3}, {"a": None}, [3]),
            "mine": Kind([3, NAN, "X", a_tensor(3, 3)]).may_be(None),
            "by": Kind([3, NAN, [3], ["corr2d"]]).may_be([]),
        },
    ),
    "shifted_detector": (
        {"shifts": (0, 1, 2)},
        {"shifts": among([], [0], ["a"], [0.5], [-9], [99], "01"), "row": whole(0, 99), "first": whole(0, 99), "window": whole(1, 99), "by": FUNCTION},
    ),
    "correlation": (
        {"x": X, "kernel": K},
        {"x": MATRIX, "kernel": drawable(2, bad=[a_tensor(9, 9)]), "at": PLACE.may_be(None), "title": TEXT, "by": FUNCTION},
    ),
    "feature_maps": ({"x": X, "kernels": {"a": K}, "says": "a"}, {"x": MATRIX, "kernels": named(*MATRICES.bad[5:], {"a": a_tensor(9, 9)}), **SAID, "by": FUNCTION}),
    "filmstrip": ({"x": X, "kernel": K}, {"x": MATRIX, "kernel": drawable(2, bad=[a_tensor(9, 9)]), "by": FUNCTION}),
    "pictures": (
        {"images": {"a": X}, "says": "a"},
        {"images": MATRICES, **SAID, "signed": among("a", ["b"], [3]).may_be([]), **COLUMNS, "inches": LENGTH},
    ),
    "row_profile": (
        {"row": ROW, "derivative": ROW[1:], "picture": X},
        {"row": drawable(1, bad=[ROW[:2]]), "derivative": drawable(1, bad=[a_tensor(9)]),
         "picture": MATRIX.may_be(None), "at": whole(0, 5, HUGE)},
    ),
}  # fmt: skip
SHARING = {
    "file_predictions": (
        {"files": [CAT], "predictions": [[("cat", 0.9)]], "says": "a"},
        {"files": among("a", [3], ["nowhere.png"], [CAT, CAT]), "predictions": among([3], [[3]], [[("cat", "a")]], [[("cat", NAN)]], [[]]), **SAID},
    ),
    "worlds": (
        {"table": {"a": {"b": [0.5]}}, "chance": [0.5], "title": "a"},
        {"table": named({"a": {}}, {"a": {"b": []}}, {"a": {"b": ["x"]}}, {"a": {"b": [0.5]}, "c": {"d": [0.5]}}),
         "chance": among([1.5], ["a"], [0.5, 0.5]), "title": TEXT},
    ),
    "frozen_network": ({"model": nn.Sequential(nn.Linear(2, 2)), "title": "a"}, {"model": Kind([*MODEL.bad, nn.ReLU()]), "title": TEXT}),
    "transfer_curve": (
        {"table": {"a": {1: [0.1], 5: [0.2]}}, "chance": 0.1, "title": "a"},
        {"table": named({"a": {}}, {"a": {1: []}}, {"a": {1: ["x"]}}, {"a": {"x": [0.1]}}, {"a": {1: [NAN]}}, {"a": {0: [0.1]}},
                        {str(n): {1: [0.1]} for n in range(4)}), "chance": real(-0.1, 1.1), "title": TEXT},
    ),
}  # fmt: skip
CALLS = {
    name if name.startswith("explorer.") else f"figures.{name}": how
    for table in (CANVAS, CHANNELS, CLASSIFYING, COLOURED, COMPARING, DESCENDING, EXPLORING,
                  MATCHING, WINDOWS, SLIDING, SHARING)
    for name, how in table.items()
}  # fmt: skip
WITHOUT = {
    "figures.LessonFigure": "matplotlib's Figure, which checks its own arguments",
    "figures.LiveCurves": "takes no argument",
    "explorer.still.story": "the words of `explored`, which checks them",
}
MODULES = ("figures", "explorer.still")
