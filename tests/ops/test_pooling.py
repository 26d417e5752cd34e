import itertools

import pytest
import torch
from sampling import some
from torch.nn import functional as F

from coursekit import ops

SIZES = [(7, 9), (8, 5), (6, 6)]
KERNELS = [(2, 2), (3, 2), (2, 3), (3, 3)]
STRIDES = [None, 1, (2, 1), (3, 2), (4, 3)]
PADDINGS = [0, 1, (1, 0)]
EVERY = list(itertools.product(SIZES, KERNELS, STRIDES, PADDINGS, [False, True]))
GRID = some(EVERY, set(EVERY[::7]).__contains__)  # 7 divides none of the rows' lengths


def seeded(*shape, whole=False, seed=0):
    generator = torch.Generator().manual_seed(seed)
    if whole:  # few different values: most windows have a tie
        return torch.randint(-1, 2, shape, generator=generator).double()
    return torch.randn(*shape, dtype=torch.float64, generator=generator)


def route_back(pool, x):
    """Return the output, a seeded gradient from above, and autograd's gradient of x."""
    x = x.clone().requires_grad_()
    out = pool(x)
    grad_out = seeded(*out.shape, seed=1)
    out.backward(grad_out)
    return out.detach(), grad_out, x.grad


@pytest.mark.parametrize(("size", "kernel", "stride", "padding", "ceil_mode"), GRID)
def test_max_pooling_its_winners_and_its_gradient_equal_torch(
    size, kernel, stride, padding, ceil_mode
):
    # one image without ties, one of few different values
    x = torch.cat([seeded(1, 3, *size), seeded(1, 3, *size, whole=True)])
    how = {"stride": stride, "padding": padding, "ceil_mode": ceil_mode}
    out, grad_out, grad = route_back(lambda x: F.max_pool2d(x, kernel, **how), x)
    _, places = F.max_pool2d(x, kernel, return_indices=True, **how)
    assert torch.equal(ops.max_pool2d(x, kernel, **how), out)
    assert torch.equal(ops.winners(x, kernel, **how), places)
    torch.testing.assert_close(ops.max_pool2d_backward(grad_out, x, kernel, **how), grad)
    torch.testing.assert_close(route_back(lambda x: ops.max_pool2d(x, kernel, **how), x)[2], grad)


@pytest.mark.parametrize(("size", "kernel", "stride", "padding", "ceil_mode"), GRID)
@pytest.mark.parametrize("count", [True, False])
def test_average_pooling_and_its_gradient_equal_torch(
    size, kernel, stride, padding, ceil_mode, count
):
    x = seeded(2, 3, *size)
    how = {"stride": stride, "padding": padding, "ceil_mode": ceil_mode, "count_include_pad": count}
    out, grad_out, grad = route_back(lambda x: F.avg_pool2d(x, kernel, **how), x)
    torch.testing.assert_close(ops.avg_pool2d(x, kernel, **how), out)
    torch.testing.assert_close(ops.avg_pool2d_backward(grad_out, x, kernel, **how), grad)


@pytest.mark.parametrize("ceil_mode", [False, True])
def test_dilated_max_pooling_and_its_gradient_equal_torch(ceil_mode):
    x, kernel = seeded(1, 2, 10, 9, whole=True), (3, 2)
    how = {"stride": (2, 3), "padding": (1, 0), "dilation": (2, 3), "ceil_mode": ceil_mode}
    out, grad_out, grad = route_back(lambda x: F.max_pool2d(x, kernel, **how), x)
    assert torch.equal(ops.max_pool2d(x, kernel, **how), out)
    torch.testing.assert_close(ops.max_pool2d_backward(grad_out, x, kernel, **how), grad)


def test_a_window_of_minus_infinity_has_a_winner_inside_the_image():
    x = torch.full((1, 1, 4, 4), -torch.inf, dtype=torch.float64)
    values, places = F.max_pool2d(x, 3, 2, 1, return_indices=True)
    assert torch.equal(ops.max_pool2d(x, 3, stride=2, padding=1), values)
    assert torch.equal(ops.winners(x, 3, stride=2, padding=1), places)


@pytest.mark.parametrize("dilation", [1, 2, (1, 2)])
@pytest.mark.parametrize("dtype", [torch.float64, torch.uint8])
def test_among_the_lowest_values_the_first_pixel_of_the_window_wins(dilation, dtype):
    lowest = torch.iinfo(dtype).min if dtype is torch.uint8 else -torch.inf
    x = torch.full((1, 5, 6), lowest, dtype=dtype)
    x[0, 3:, 4:] = 1
    wanted = F.max_pool2d(x, 3, 1, 1, dilation, return_indices=True)
    for got, theirs in zip(
        ops.max_pool2d(x, 3, 1, 1, dilation, return_indices=True), wanted, strict=True
    ):
        assert torch.equal(got, theirs)


def test_a_window_of_padding_alone_is_minus_infinity_and_sends_no_gradient():
    x = torch.ones(1, 2, 2, dtype=torch.float64, requires_grad=True)
    how = {"padding": 1, "dilation": 3}
    out = ops.max_pool2d(x, 2, **how)
    assert torch.equal(out, F.max_pool2d(x, 2, **how))
    out.sum().backward()
    assert not x.grad.any()
    assert not ops.max_pool2d_backward(torch.ones_like(out), x, 2, **how).any()


@pytest.mark.parametrize("divisor", [1, 3, -2])
def test_the_divisor_replaces_the_count(divisor):
    x = seeded(2, 3, 7, 6)
    how = {"stride": (2, 3), "padding": 1, "ceil_mode": True, "divisor_override": divisor}
    out, grad_out, grad = route_back(lambda x: F.avg_pool2d(x, (3, 2), **how), x)
    torch.testing.assert_close(ops.avg_pool2d(x, (3, 2), **how), out)
    torch.testing.assert_close(ops.avg_pool2d_backward(grad_out, x, (3, 2), **how), grad)


def test_the_mean_of_integers_keeps_its_decimals():
    assert ops.avg_pool2d(torch.tensor([[1, 2], [3, 4]]), 2).item() == 2.5


def test_the_slides_winners():
    x = torch.tensor([[9.0, 1, 2, 3], [4, 0, 8, 5], [7, 2, 1, 0], [3, 6, 4, 5]])
    places = [divmod(place, 4) for place in ops.winners(x, 2).flatten().tolist()]
    assert places == [(0, 0), (1, 2), (2, 0), (3, 3)]
    grad = ops.max_pool2d_backward(torch.tensor([[1.0, 2], [3, 4]]), x, 2)
    assert grad.tolist() == [[1, 0, 0, 0], [0, 0, 2, 0], [3, 0, 0, 0], [0, 0, 0, 4]]


def test_the_slides_pools():
    sizes = []
    x = torch.zeros(1, 1, 28, 28)
    for padding in (0, 0, 1):
        x = ops.max_pool2d(x, 2, padding=padding)
        sizes.append(x.shape[-1])
    assert sizes == [14, 7, 4]
    assert ops.max_pool2d(torch.zeros(1, 1, 6, 6), 2).shape == (1, 1, 3, 3)
    assert ops.max_pool2d(torch.zeros(1, 1, 6, 6), 2, stride=1).shape == (1, 1, 5, 5)
    assert ops.avg_pool2d(torch.zeros(1, 6, 32, 32), 2).shape == (1, 6, 16, 16)
