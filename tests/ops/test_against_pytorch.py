"""Ours and PyTorch's own on every sample that PyTorch's own tests hold, with the gradients."""

import inspect
import re
import warnings

import pytest
import torch
from torch.nn import functional as F

from coursekit import ops

OURS = {"conv2d": ops.conv2d, "max_pool2d": ops.max_pool2d, "avg_pool2d": ops.avg_pool2d}
CLOSE = {torch.float64: {}, torch.float32: {"rtol": 1e-5, "atol": 1e-4}}


@pytest.fixture(scope="module")
def database():
    """Return PyTorch's entry of each operation, and leave PyTorch as it was."""
    pytest.importorskip("expecttest", reason="PyTorch's samples need it: the developers' set-up")
    may_change = torch.backends.__allow_nonbracketed_mutation_flag
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"torch\.")
        from torch.testing._internal.common_methods_invocations import op_db
    torch.backends.__allow_nonbracketed_mutation_flag = may_change  # the import forbids it
    names = {f"nn.functional.{name}": name for name in OURS}
    return {names[entry.name]: entry for entry in op_db if entry.name in names}


def both(name, sample):
    """Return our outputs and PyTorch's, each as a list of tensors."""
    for function in (OURS[name], getattr(F, name)):
        out = function(sample.input, *sample.args, **sample.kwargs)
        yield list(out) if isinstance(out, tuple) else [out]


def gradients(out, inputs):
    """Return dL/d(each input), where L weighs each number of the output differently."""
    weights = torch.linspace(-1, 2, out.numel(), dtype=out.dtype).reshape(out.shape)
    return torch.autograd.grad(out, inputs, weights)


def assert_right(got, wanted, sample):
    if not all(map(torch.equal, got, wanted)):  # a hundred times cheaper than what names the place
        close = CLOSE[wanted[0].dtype]
        torch.testing.assert_close(got, wanted, **close, msg=f"{got}\n{wanted}\n{sample}")


@pytest.mark.ci  # to import the samples takes four seconds
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel:UserWarning")
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=str)  # gradients in the first
@pytest.mark.parametrize(
    ("name", "at_least"), [("conv2d", 30), ("max_pool2d", 1440), ("avg_pool2d", 7)]
)
def test_ours_is_right_on_each_of_pytorchs_samples(database, name, at_least, dtype):
    differentiated = dtype is torch.float64  # the samples are the same with gradients and without
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        samples = list(database[name].sample_inputs("cpu", dtype, requires_grad=differentiated))
    assert len(samples) >= at_least
    for sample in samples:
        got, wanted = both(name, sample)
        assert len(got) == len(wanted)
        assert_right(got, wanted, sample)
        if differentiated:
            inputs = [x for x in (sample.input, *sample.args) if isinstance(x, torch.Tensor)]
            assert_right(*(gradients(out[0], inputs) for out in (got, wanted)), sample)


def test_the_arguments_are_pytorchs_in_the_same_order():
    def theirs(name):
        line = re.search(rf"{name}\((.*?)\)", getattr(F, name).__doc__, re.DOTALL)[1]
        return [part.partition("=")[0].strip() for part in line.split(",")]

    wanted = {
        "conv2d": theirs("conv2d"),
        "avg_pool2d": theirs("avg_pool2d"),
        "max_pool2d": [*inspect.signature(F.max_pool2d_with_indices).parameters],
        "im2col": [*inspect.signature(F.unfold).parameters],
    }
    for name, arguments in wanted.items():
        ours = [*inspect.signature(getattr(ops, name)).parameters]
        assert ours == ["x", *arguments[1:]], name


def seeded(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, dtype=torch.float64, generator=generator).requires_grad_()


@pytest.mark.parametrize(
    ("shape", "weight", "how"),
    [
        ((2, 2, 4, 3), (1, 2, 3, 2), {"stride": (2, 1), "padding": (1, 2)}),
        ((1, 4, 4, 4), (2, 2, 2, 3), {"groups": 2, "dilation": (3, 1)}),
        ((2, 4, 3), (2, 1, 2, 2), {"groups": 2, "padding": "same"}),
    ],
)
def test_the_gradient_of_conv2d_is_that_of_finite_differences(shape, weight, how):
    inputs = (seeded(*shape), seeded(*weight, seed=1), seeded(weight[0], seed=2))
    assert torch.autograd.gradcheck(lambda *inputs: ops.conv2d(*inputs, **how), inputs)


@pytest.mark.parametrize(
    "pool",
    [
        lambda x: ops.max_pool2d(x, (3, 2), (2, 3), 1, (1, 2), ceil_mode=True),
        lambda x: ops.max_pool2d(x, 2, 1),
        lambda x: ops.avg_pool2d(x, (3, 2), (2, 3), 1, True, False),
        lambda x: ops.avg_pool2d(x, (2, 3), divisor_override=-5),
    ],
)
def test_the_gradient_of_pooling_is_that_of_finite_differences(pool):
    x = torch.linspace(-1, 1, 2 * 7 * 8, dtype=torch.float64)  # no ties, in an order of no order
    x = x[torch.randperm(len(x), generator=torch.Generator().manual_seed(0))]
    assert torch.autograd.gradcheck(pool, x.reshape(2, 7, 8).requires_grad_())
