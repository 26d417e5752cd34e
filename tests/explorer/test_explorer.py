import base64
import json
import re

import pytest
import torch
from torch.nn import functional as F

from coursekit import kernels
from coursekit.examples.three_channels import two_filters
from coursekit.exercises.judging.own import Own
from coursekit.explorer import Explorer, colours
from coursekit.explorer.module import PARTS, module
from coursekit.explorer.widget import HERE

X = torch.arange(9.0).reshape(3, 3)
K = torch.arange(4.0).reshape(2, 2)


def test_module_and_stylesheet_import_nothing_and_are_light():
    style = (HERE / "explorer.css").read_text("utf-8")
    assert len((module() + style).encode()) <= 48 * 1024, "each page and each notebook holds it"
    text = module() + style
    assert not re.search(r"^\s*import\b|\bimport\(|https?:|\bfetch\(|@import", text, re.M)


def test_each_part_of_the_script_is_short_and_imports_what_stands_before_it():
    parts = {path.stem: path.read_text("utf-8") for path in (HERE / "js").glob("*.js")}
    assert sorted(parts) == sorted(PARTS)
    exported = {}
    for name in PARTS:
        text = parts[name]
        assert text.count("\n") <= 200, name
        for names, other in re.findall(r'^import \{([^}]*)\} from "\./(\w+)\.js";', text, re.M):
            body = re.sub(r"^import [^;]*;", "", text, flags=re.M)
            for wanted in names.replace("\n", " ").split(","):
                assert wanted.strip() in exported[other], f"{name} imports {wanted} from {other}"
                assert re.search(rf"\b{wanted.strip()}\b", body), f"{name} does not use {wanted}"
        exported[name] = set(
            re.findall(r"\b(\w+)\b", " ".join(re.findall(r"^export (.*)$", text, re.M)))
        )


def test_the_output_is_what_torch_makes():
    x, weight, bias = two_filters()
    explorer = Explorer(x, weight, bias=bias, stride=2, padding=1)
    assert torch.equal(explorer.output, F.conv2d(x[None], weight, bias, stride=2, padding=1)[0])
    pools = {"max": F.max_pool2d, "average": F.avg_pool2d}
    for mode, pool in pools.items():
        explorer = Explorer(x, (3, 2), mode=mode, stride=(2, 1), padding=1)
        expected = pool(x[None], (3, 2), stride=(2, 1), padding=1)[0]
        torch.testing.assert_close(explorer.output, expected)


def test_ranks_and_defaults_are_filled_in():
    assert Explorer(X).kernel.shape == (1, 1, 3, 3)
    assert (
        torch.equal(Explorer(torch.rand(5, 5), None).output, Explorer(torch.rand(5, 5)).output)
        is False
    )
    image = torch.rand(2, 5, 5)
    torch.testing.assert_close(Explorer(image).output[0], image.mean(0)[1:4, 1:4])
    assert Explorer(image, mode="max").stride == [2, 2]
    assert Explorer(image, K).kernel.shape == (1, 2, 2, 2)
    assert Explorer(X.int().numpy(), K).image.dtype == torch.float32
    assert Explorer(X, K, cursor=(1, 0)).cursor == [0, 1, 0]


BAD = {
    "image has shape": lambda: Explorer(torch.ones(3)),
    "at most 4 channels of 64×64": lambda: Explorer(torch.ones(65, 3)),
    "image is str; expected a tensor": lambda: Explorer("cat"),
    "image holds numbers that are not finite": lambda: Explorer(torch.tensor([[float("inf")]])),
    r"kernel has shape \(1, 2, 3, 3\)": lambda: Explorer(X, torch.ones(2, 3, 3)),
    "kernel is 4, which covers 4": lambda: Explorer(X, torch.ones(4, 4)),
    "7×7 taps": lambda: Explorer(torch.ones(9, 9), torch.ones(8, 8)),
    "bias has 2 numbers; expected 1": lambda: Explorer(X, K, bias=[1, 2]),
    "stride is 0; expected": lambda: Explorer(X, K, stride=0),
    "padding is -1; expected": lambda: Explorer(X, K, padding=-1),
    "padding is .* at most half the window": lambda: Explorer(X, 2, mode="max", padding=2),
    "mode is 'sum'; expected one of conv": lambda: Explorer(X, K, mode="sum"),
    "hide names 'colour'; expected some of mode": lambda: Explorer(X, K, hide=["colour"]),
    "cursor is 3; expected": lambda: Explorer(X, K, cursor=3),
}


@pytest.mark.parametrize("says", BAD)
def test_what_does_not_fit_is_named(says):
    with pytest.raises(ValueError, match=says):
        BAD[says]()


def test_python_sets_any_of_it_and_a_wrong_value_changes_nothing():
    explorer = Explorer(X, K, bias=1)
    explorer.image, explorer.kernel, explorer.bias = torch.ones(2, 5, 5)[0], [[1, 2]], 3
    explorer.stride, explorer.cursor, explorer.predict = (2, 1), (2, 2), True
    assert explorer.output.shape == (1, 3, 4)
    assert explorer.output.unique().tolist() == [6]
    before = explorer.get_state()
    for name, value in {"stride": 0, "dilation": 9, "kernel": torch.ones(6, 6), "mode": "x",
                        "image": torch.ones(1, 1), "bias": [1, 2], "cursor": [-1, 0]}.items():  # fmt: skip
        with pytest.raises(
            ValueError, match=name if name not in ("image", "dilation") else "kernel"
        ):
            setattr(explorer, name, value)
    assert explorer.get_state() == before


def test_more_filters_get_biases_of_their_own():
    explorer = Explorer(X, K, bias=5)
    explorer.kernel = torch.ones(3, 1, 2, 2)
    assert explorer.bias.tolist() == [0, 0, 0]


def test_what_the_page_sends_is_taken():
    explorer = Explorer(X, K)
    explorer.set_state(
        {"kernel_data": memoryview(torch.ones(4).numpy().tobytes()), "stride": [1, 1]}
    )
    assert explorer.kernel.flatten().tolist() == [1, 1, 1, 1]


def test_a_notebook_keeps_a_picture_then_a_sentence(capsys, monkeypatch):
    shown = []
    monkeypatch.setattr("coursekit.explorer.widget.display", lambda *a, **k: shown.append((a, k)))
    explorer = Explorer(X, K, cursor=(0, 1))
    explorer._ipython_display_()
    (picture,), _ = shown[0]
    (bundle,), how = shown[1]
    assert how["raw"]
    sentence = (
        "the convolution explorer at rest: a kernel of 2×2 on 1×3×3, makes 1×2×2. The framed "
        "window makes 25 at map 0, row 0, column 1. That map is 19 25 / 37 43."
    )
    assert picture.description == sentence
    assert bundle["text/plain"] == f"Explorer: {sentence} Run this cell to move the window."
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_the_picture_of_a_prediction_does_not_give_it_away():
    explorer = Explorer(X, K, predict=True)
    assert "19" not in repr(explorer)
    explorer.predict = False
    shown = explorer.still().png()
    explorer.predict = True
    assert explorer.still().png() != shown


def corr2d(x, kernel):
    return F.conv2d(x[None, None], kernel[None, None])[0, 0]


def whole(x, weight):
    return F.conv2d(x[None], weight[None])[0, 0]


def own(function, mine=None):
    return Own(function.__name__, answer=mine, mine=mine, course=function)


def test_the_explorer_says_whose_function_makes_its_map(tmp_path):
    explorer = Explorer(X, K, stride=2, padding=1, bias=1, by=own(corr2d))
    assert repr(explorer).count("Made by the course’s corr2d.") == 1
    assert explorer.still().description.endswith("Made by the course’s corr2d.")
    assert repr(Explorer(X, K, by=own(corr2d, corr2d))).count("Made by your corr2d.") == 1
    page = explorer.to_html(tmp_path / "page.html").read_text("utf-8")
    state = json.loads(re.search(r'id="state">(.*?)</script>', page)[1])
    assert state["maker"] == "the course’s corr2d"
    assert Explorer(X, K, by=corr2d).maker == ""  # it does not know whose it is


def test_every_kind_of_map_can_be_made_by_a_function_of_the_lesson():
    x, weight, bias = two_filters()
    steps = {"stride": 2, "padding": 1}
    assert Explorer(x, weight, bias=bias, by=own(whole), **steps).maker == "the course’s whole"

    def max_pool2d(x, window, stride):
        return F.max_pool2d(x[None], window, stride)[0]

    assert Explorer(x, 2, mode="max", by=own(max_pool2d)).maker == "the course’s max_pool2d"
    assert Explorer(x, (2, 1), mode="max", stride=(1, 2), by=max_pool2d).maker == ""


def test_a_function_that_makes_other_maps_or_fails_is_not_named():
    with pytest.raises(ValueError, match="by is flipped, which makes other maps"):
        Explorer(X, K, by=flipped)
    with pytest.raises(TypeError, match="by is 3; expected a function"):
        Explorer(X, K, by=3)
    for steps in ({"dilation": 2}, {"mode": "max", "padding": 1}):
        with pytest.raises(ValueError, match="by takes neither"):
            Explorer(torch.ones(6, 6), torch.ones(2, 2), by=corr2d, **steps)


def flipped(x, kernel):
    return corr2d(x, kernel.flip(0, 1))


def test_a_function_that_raises_gives_way_to_the_courses(capsys):
    def mine(x, kernel):
        raise RuntimeError("no")

    assert Explorer(X, K, by=own(corr2d, mine)).maker == "the course’s corr2d"
    assert "RuntimeError" in capsys.readouterr().out


PAPER = torch.full((13, 13), -1.0)
DRAWN = PAPER.clone()
DRAWN[3, 3:9] = 1


@pytest.mark.parametrize(
    ("image", "kernel", "mode", "looks"),
    [
        (PAPER, kernels.kernel("crossing"), "conv", [("ink", -1, 1), ("signed", -9, 9)]),
        (DRAWN, kernels.kernel("crossing"), "conv", [("ink", -1, 1), ("signed", -9, 9)]),
        (DRAWN, 2, "max", [("ink", -1, 1), ("ink", -1, 1)]),
        (X, kernels.kernel("identity"), "conv", [("gray", 0, 8), ("gray", 0, 4)]),
        (X, kernels.kernel("sobel x"), "conv", [("gray", 0, 8), ("signed", -8, 8)]),
        (X - 4, kernels.kernel("identity"), "conv", [("signed", -4, 4), ("gray", 0, 1)]),
        (X - 1, 2, "max", [("gray", 0, 7), ("gray", 0, 3)]),
    ],
)
def test_the_picture_is_coloured_as_the_page_is(image, kernel, mode, looks):
    explorer = Explorer(image, kernel, mode=mode)
    x, weight, out = explorer.image, explorer.kernel, explorer.output
    found = [colours.of_input(x), colours.of_output(x, weight, out, mode)]
    assert [(look.kind, *look.limits) for look in found] == looks


def test_a_map_of_one_number_is_said_in_one():
    assert "That map is −1 everywhere." in repr(Explorer(PAPER, kernels.kernel("crossing")))


def test_a_cursor_behind_the_map_is_brought_back_for_the_picture():
    assert "row 1, column 1" in repr(Explorer(X, K, cursor=(9, 9)))


def test_a_page_holds_all_and_asks_for_nothing(tmp_path):
    explorer = Explorer(X, kernels.kernel("box blur"), bias=[-2], hide=("mode",))
    path = explorer.to_html(tmp_path / "page.html")
    text = path.read_text("utf-8")
    assert not re.search(r"/\*(STYLE|MODULE|STATE|PICTURE|DESCRIPTION)\*/", text)
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)
    state = json.loads(re.search(r'id="state">(.*?)</script>', text)[1])
    assert base64.b64decode(state["bias_data"]) == torch.tensor([-2.0]).numpy().tobytes()
    assert state["hidden"] == ["mode"]
    assert "default-src 'none'" in text
