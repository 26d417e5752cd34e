"""The explorer's JavaScript against torch.nn.functional."""

import random

import pytest
import torch
from torch.nn import functional as F

from coursekit import shapes
from coursekit.explorer.module import module as script

LOAD = """async (source) => {
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    globalThis.explorer = await import(url);
}"""
COMPUTE = """(states) => states.map((state) => {
    for (const name of ["image_data", "kernel_data", "bias_data"])
        state[name] = Float32Array.from(state[name]);
    const { data, shape } = explorer.compute(state);
    return { data: [...data], shape };
})"""


def settings(count=120):
    """Yield settings that fit: non-square, strides that do not divide, padding, dilation."""
    chance = random.Random(7)
    pair = lambda low, high: (chance.randint(low, high), chance.randint(low, high))  # noqa: E731
    while count:
        mode = chance.choice(["conv", "max", "average"])
        kernel, stride, padding = pair(1, 4), pair(1, 3), pair(0, 2)
        dilation = (1, 1) if mode == "average" else pair(1, 3)
        size, channels, filters = pair(3, 12), chance.randint(1, 3), chance.randint(1, 3)
        if mode != "conv" and any(2 * p > k for p, k in zip(padding, kernel, strict=True)):
            continue
        try:
            shapes.output_sizes(size, kernel, stride=stride, padding=padding, dilation=dilation)
        except ValueError:
            continue
        count -= 1
        yield mode, (channels, *size), (filters, channels, *kernel), stride, padding, dilation


def case(mode, image, kernel, stride, padding, dilation):
    """Return the state as JavaScript gets it, and what torch makes of it."""
    x = torch.randint(-9, 10, image).double() if mode == "max" else torch.randn(image).double()
    w, b = torch.randn(kernel).double(), torch.randn(kernel[0]).double()
    x, w, b = (tensor.float().double() for tensor in (x, w, b))
    how = {"stride": stride, "padding": padding}
    if mode == "conv":
        expected = F.conv2d(x[None], w, b, dilation=dilation, **how)[0]
    elif mode == "max":
        expected = F.max_pool2d(x[None], kernel[2:], dilation=dilation, **how)[0]
    else:
        expected = F.avg_pool2d(x[None], kernel[2:], **how)[0]
    state = {"mode": mode, "image_shape": image, "kernel_shape": kernel, "stride": stride,
             "padding": padding, "dilation": dilation}  # fmt: skip
    data = {"image_data": x, "kernel_data": w, "bias_data": b}
    return state | {name: t.flatten().tolist() for name, t in data.items()}, expected


@pytest.fixture(scope="module")
def module(lasting_page):
    """Return one page for all: what is tried here leaves nothing behind."""
    lasting_page.evaluate(LOAD, script())
    return lasting_page


def test_results_equal_torch(module):
    torch.manual_seed(0)
    cases = [case(*setting) for setting in settings()]
    assert {state["mode"] for state, _ in cases} == {"conv", "max", "average"}
    results = module.evaluate(COMPUTE, [state for state, _ in cases])
    for (state, expected), result in zip(cases, results, strict=True):
        assert tuple(result["shape"]) == tuple(expected.shape), state
        got = torch.tensor(result["data"]).double().reshape(expected.shape)
        torch.testing.assert_close(got, expected, rtol=1e-5, atol=1e-5, msg=str(state))


def test_the_winner_is_the_one_that_torch_names(module):
    torch.manual_seed(1)
    x = torch.randint(0, 4, (1, 5, 6)).float()  # with ties
    _, places = F.max_pool2d(x[None], 3, stride=2, padding=1, return_indices=True)
    state = {"mode": "max", "image_data": x.flatten().tolist(), "image_shape": [1, 5, 6],
             "kernel_shape": [1, 1, 3, 3], "stride": [2, 2], "padding": [1, 1], "dilation": [1, 1]}  # fmt: skip
    won = module.evaluate(
        """(s) => Array.from({ length: 9 }, (_, at) => {
            const taps = explorer.places(s, Math.floor(at / 3), at % 3);
            return taps[explorer.winner(explorer.seen(s, 0, taps), taps)];
        })""",
        state,
    )
    assert won == places.flatten().tolist()


@pytest.mark.parametrize(
    ("text", "value"),
    [("3", 3), ("−1", -1), ("-0.5", -0.5), ("0,5", 0.5), ("1/9", 1 / 9), (" 2 ", 2),
     ("", None), ("x", None), ("1/0", None), ("1/2/3", None), ("-", None), ("1e999", None)],
)  # fmt: skip
def test_what_a_reader_types_is_a_number_or_none(module, text, value):
    got = module.evaluate(
        "(text) => { const n = explorer.parse(text); return isNaN(n) ? null : n; }", text
    )
    assert got == pytest.approx(value) if value is not None else got is None


@pytest.mark.parametrize(
    ("value", "text"),
    [(1 / 9, "1/9"), (-1 / 16, "−1/16"), (0.5, "0.5"), (0.125, "0.125"), (-2, "−2"), (-0.0, "0"),
     (2 / 3, "2/3"), (0.5474, "0.547"), (12345, "12345"), (3.14159, "3.14")],
)  # fmt: skip
def test_numbers_are_shown_as_people_write_them(module, value, text):
    assert module.evaluate("(value) => explorer.show(value)", value) == text


def test_a_number_shown_is_read_back_as_itself(module):
    for value in (1 / 9, -1 / 16, 0.5, -3.0, 2 / 3):
        assert module.evaluate(
            "(v) => explorer.parse(explorer.show(v, 4))", value
        ) == pytest.approx(value)
