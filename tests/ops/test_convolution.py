import itertools

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from coursekit import kernels, ops
from coursekit.examples.three_channels import two_filters
from coursekit.shapes import pair

SIZES = [(7, 9), (8, 5), (6, 6)]
KERNELS = [(1, 1), (2, 3), (3, 2), (3, 3)]
STRIDES = [1, (2, 1), (3, 2)]
PADDINGS = [0, (1, 2), 2]
DILATIONS = [1, (2, 1)]
GRID = list(itertools.product(SIZES, KERNELS, STRIDES, PADDINGS, DILATIONS))


def seeded(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, dtype=torch.float64, generator=generator)


@pytest.mark.parametrize(("size", "kernel", "stride", "padding", "dilation"), GRID)
def test_conv2d_equals_torch(size, kernel, stride, padding, dilation):
    x, weight, bias = seeded(2, 3, *size), seeded(4, 3, *kernel, seed=1), seeded(4, seed=2)
    how = {"stride": stride, "padding": padding, "dilation": dilation}
    torch.testing.assert_close(ops.conv2d(x, weight, bias, **how), F.conv2d(x, weight, bias, **how))
    torch.testing.assert_close(ops.conv2d(x, weight, **how), F.conv2d(x, weight, **how))
    torch.testing.assert_close(ops.im2col(x, kernel, **how), F.unfold(x, kernel, **how))


@pytest.mark.parametrize(
    ("size", "kernel", "stride"), list(itertools.product(SIZES, KERNELS, STRIDES))
)
@pytest.mark.parametrize("padding", [0, 1, (1, 0)])
def test_pooling_equals_torch(size, kernel, stride, padding):
    if any(p > k // 2 for p, k in zip(pair(padding, "padding"), kernel, strict=True)):
        padding = 0
    x = seeded(2, 3, *size)
    for step in (stride, None):
        got = ops.max_pool2d(x, kernel, stride=step, padding=padding)
        torch.testing.assert_close(got, F.max_pool2d(x, kernel, step, padding))
        for count in (True, False):
            got = ops.avg_pool2d(x, kernel, stride=step, padding=padding, count_include_pad=count)
            wanted = F.avg_pool2d(x, kernel, step, padding, count_include_pad=count)
            torch.testing.assert_close(got, wanted)


@pytest.mark.parametrize("kernel", [(1, 2), (4, 3), (2, 5)])
@pytest.mark.parametrize("dilation", [1, (2, 3)])
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel:UserWarning")
def test_the_padding_named_same_equals_torch(kernel, dilation):
    x, weight = seeded(2, 6, 7, 9), seeded(4, 3, *kernel, seed=1)
    how = {"padding": "same", "dilation": dilation, "groups": 2}
    got = ops.conv2d(x, weight, **how)
    assert got.shape[-2:] == x.shape[-2:]
    torch.testing.assert_close(got, F.conv2d(x, weight, **how))


def test_one_image_goes_without_a_batch():
    x, weight, bias = seeded(4, 6, 5), seeded(6, 2, 2, 3, seed=1), seeded(6, seed=2)
    arguments = (weight, bias, (2, 1), (1, 0), 1, 2)
    torch.testing.assert_close(ops.conv2d(x, *arguments), F.conv2d(x, *arguments))
    torch.testing.assert_close(ops.im2col(x, (2, 3), 1, 1, 2), F.unfold(x, (2, 3), 1, 1, 2))
    for size in (2, (3, 2)):
        torch.testing.assert_close(ops.max_pool2d(x, size), F.max_pool2d(x, size))
        torch.testing.assert_close(ops.avg_pool2d(x, size), F.avg_pool2d(x, size))


def test_max_pooling_with_dilation_equals_torch():
    x = seeded(1, 2, 9, 8)
    torch.testing.assert_close(
        ops.max_pool2d(x, (3, 2), stride=(1, 2), padding=1, dilation=2),
        F.max_pool2d(x, (3, 2), (1, 2), 1, 2),
    )


def test_pooling_an_integer_image_ignores_its_padding():
    x = torch.tensor([[-3, -2], [-5, -4]])
    assert ops.max_pool2d(x, 2, stride=1, padding=1).max() == -2


def test_corr2d_and_convolve2d_equal_scipy():
    import scipy.signal  # a second, which each worker would wait at the start

    x, kernel = seeded(7, 9), seeded(3, 2, seed=1)
    torch.testing.assert_close(
        ops.corr2d(x, kernel), torch.from_numpy(scipy.signal.correlate2d(x, kernel, mode="valid"))
    )
    theirs = torch.from_numpy(scipy.signal.convolve2d(x, kernel, mode="valid"))
    torch.testing.assert_close(ops.convolve2d(x, kernel), theirs)


@pytest.mark.parametrize("name", kernels.KERNELS)
def test_the_filter_bank_equals_opencv_where_the_kernel_fits(name):
    cv2 = pytest.importorskip(
        "cv2", reason="OpenCV is in the developers' set-up, not in the book's"
    )
    x, kernel = seeded(9, 8).numpy(), kernels.kernel(name).double()
    kH, kW = kernel.shape
    filtered = cv2.filter2D(x, cv2.CV_64F, kernel.numpy(), anchor=(0, 0))
    valid = filtered[: 9 - kH + 1, : 8 - kW + 1]
    np.testing.assert_allclose(ops.corr2d(torch.from_numpy(x), kernel), valid, atol=1e-12)


def test_the_slides_sliding_window():
    x = torch.tensor(
        [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]
    )
    kernel = torch.tensor([[1, 0, 1], [0, 1, 0], [1, 0, 1]])
    assert ops.corr2d(x, kernel).tolist() == [[4, 3, 4], [2, 4, 3], [2, 3, 4]]


def test_the_slides_padded_and_strided_windows():
    x, kernel = torch.arange(9.0).reshape(1, 1, 3, 3), torch.arange(4.0).reshape(1, 1, 2, 2)
    assert ops.conv2d(x, kernel, padding=1)[0, 0].tolist() == [
        [0, 3, 8, 4], [9, 19, 25, 10], [21, 37, 43, 16], [6, 7, 8, 0],
    ]  # fmt: skip
    assert ops.conv2d(x, kernel, padding=1, stride=(3, 2))[0, 0].tolist() == [[0, 8], [6, 8]]


def test_the_slides_edge_of_100_and_200():
    x = torch.tensor([[100.0, 100, 200, 200]] * 4)
    assert ops.corr2d(x, kernels.kernel("sobel x")).tolist() == [[400, 400], [400, 400]]


def test_the_slides_impulse():
    impulse = torch.zeros(5, 5)
    impulse[2, 2] = 1
    kernel = torch.arange(1.0, 10).reshape(3, 3)
    assert ops.corr2d(impulse, kernel).tolist() == [[9, 8, 7], [6, 5, 4], [3, 2, 1]]
    assert ops.convolve2d(impulse, kernel).tolist() == kernel.tolist()


def test_the_slides_volume_of_two_filters():
    x, weight, bias = two_filters()
    first, second = ops.conv2d(x[None], weight, bias, stride=2, padding=1)[0].tolist()
    assert first == [[2, 3, 3], [3, 7, 3], [8, 10, -3]]
    assert second == [[-8, -8, -3], [-3, 1, 0], [-3, -8, -5]]


def test_the_rows_of_the_volume_that_the_slides_show():
    x, _, _ = two_filters()
    assert x[0].tolist() == [
        [0, 0, 1, 0, 2],
        [1, 0, 2, 0, 1],
        [1, 0, 2, 2, 0],
        [2, 0, 0, 2, 0],
        [2, 1, 2, 2, 0],
    ]
    assert x[1, :2].tolist() == [[2, 1, 2, 1, 1], [2, 1, 2, 0, 1]]
    assert x[2, :2].tolist() == [[2, 1, 1, 2, 0], [1, 0, 0, 1, 0]]


def test_windows_is_a_view_also_of_a_view():
    x = seeded(6, 8)
    part = x[1:, ::2]
    assert ops.windows(part, 2).untyped_storage().data_ptr() == x.untyped_storage().data_ptr()
    summed = ops.corr2d(part, torch.ones(2, 2).double())
    torch.testing.assert_close(summed[0, 0], part[:2, :2].sum())


def test_gradients_flow_through_conv2d():
    x = seeded(1, 2, 5, 4).requires_grad_()
    weight = seeded(3, 2, 2, 3, seed=1).requires_grad_()
    assert torch.autograd.gradcheck(lambda x, w: ops.conv2d(x, w, stride=2, padding=1), (x, weight))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (
            lambda: ops.corr2d(torch.zeros(3), torch.zeros(1, 1)),
            r"x has shape \(3,\); expected \(H, W\)",
        ),
        (lambda: ops.corr2d(torch.zeros(3, 3), torch.zeros(2)), r"kernel has shape \(2,\); expec"),
        (
            lambda: ops.corr2d(torch.zeros(2, 4), torch.zeros(3, 1)),
            r"kernel \(3, 1\) is larger than x \(2, 4\); expected one that fits",
        ),
        (
            lambda: ops.convolve2d(torch.zeros(4, 2), torch.zeros(1, 3)),
            r"kernel \(1, 3\) is larger than x \(4, 2\)",
        ),
        (
            lambda: ops.conv2d(torch.zeros(1, 2, 2), torch.zeros(1, 1, 3, 3), dilation=2),
            "kernel is 3, which covers 5 pixels with dilation 2, .* has only 2",
        ),
        (
            lambda: ops.conv2d(torch.zeros(3, 3, 3), torch.zeros(4, 1, 1, 1), groups=2),
            "groups is 2; expected a divisor of x's channels, 3",
        ),
        (
            lambda: ops.conv2d(torch.zeros(4, 3, 3), torch.zeros(3, 2, 1, 1), groups=2),
            "groups is 2; expected a divisor of weight's channels, 3",
        ),
        (
            lambda: ops.conv2d(torch.zeros(4, 3, 3), torch.zeros(2, 4, 1, 1), groups=2),
            "weight has 4 input channels, x has 4; expected 2, a group's",
        ),
        (
            lambda: ops.conv2d(
                torch.zeros(1, 3, 3), torch.zeros(1, 1, 2, 2), stride=(1, 2), padding="same"
            ),
            r'padding is "same" and stride \(1, 2\); expected stride 1',
        ),
        (
            lambda: ops.conv2d(torch.zeros(1, 3, 3), torch.zeros(1, 1, 2, 2), padding="full"),
            'padding is \'full\'; expected an integer, a pair .*"same" or "valid"',
        ),
        (
            lambda: ops.conv2d(torch.zeros(3, 3), torch.zeros(1, 1, 2, 2)),
            r"expected \(N, C_in, H, W",
        ),
        (
            lambda: ops.conv2d(torch.zeros(1, 1, 3, 3), torch.zeros(2, 2)),
            r"expected \(C_out, C_in, ",
        ),
        (
            lambda: ops.conv2d(torch.zeros(1, 2, 3, 3), torch.zeros(4, 3, 2, 2)),
            "weight has 3 input channels, x has 2",
        ),
        (
            lambda: ops.conv2d(torch.zeros(1, 2, 3, 3), torch.zeros(4, 2, 2, 2), torch.zeros(3)),
            r"bias has shape \(3,\); expected \(4,\)",
        ),
        (
            lambda: ops.im2col(torch.zeros(3, 3), 2),
            r"x has shape \(3, 3\); expected \(N, C, H, W\)",
        ),
        (lambda: ops.max_pool2d(torch.zeros(4, 4), 2, padding=2), "padding is 2; expected at most"),
        (lambda: ops.avg_pool2d(torch.zeros(4, 4), 0), "kernel_size is 0; expected an integer"),
        (lambda: kernels.kernel("sobel"), "name is 'sobel'; expected one of identity, box blur"),
    ],
)
def test_bad_input_is_named(call, says):
    with pytest.raises(ValueError, match=says):
        call()
