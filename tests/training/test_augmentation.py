import pytest
import torch

from coursekit.training import Chain, RandomErasing, RandomFlip, RandomShift


def numbered(count=200, height=5, width=4):
    """Images whose pixels are all different, and one channel the double of the other."""
    image = 1.0 + torch.arange(height * width).view(1, 1, height, width)
    return torch.cat([image, 2 * image], dim=1).repeat(count, 1, 1, 1)


def shifted(image, down, right):
    """The plain meaning of a shift, one pixel at a time."""
    _, H, W = image.shape
    moved = torch.full_like(image, image.min())
    for i in range(H):
        for j in range(W):
            if 0 <= i + down < H and 0 <= j + right < W:
                moved[:, i + down, j + right] = image[:, i, j]
    return moved


def test_each_image_is_shifted_on_its_own_and_by_every_amount():
    torch.manual_seed(0)
    x = numbered()
    moved = RandomShift(1)(x)
    possible = [shifted(x[0], down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    found = [next(i for i, p in enumerate(possible) if torch.equal(p, image)) for image in moved]
    assert set(found) == set(range(9))


def test_no_shift_is_no_change():
    assert torch.equal(RandomShift(0)(numbered()), numbered())


def test_a_share_of_the_images_is_mirrored():
    torch.manual_seed(0)
    x = numbered()
    out = RandomFlip(0.25)(x)
    mirrored = (out == x.flip(3)).flatten(1).all(dim=1)
    kept = (out == x).flatten(1).all(dim=1)
    assert bool((mirrored ^ kept).all())
    assert 0.15 < mirrored.float().mean() < 0.35
    assert torch.equal(RandomFlip(0)(x), x)
    assert torch.equal(RandomFlip(1)(x), x.flip(3))


def test_a_square_is_covered_and_nothing_else():
    torch.manual_seed(0)
    x = numbered(height=6, width=7)
    out = RandomErasing(3)(x)
    covered = (out != x).any(dim=1) | (x == x.min()).any(dim=1) & (out == x.min()).all(dim=1)
    for square in covered:
        rows, columns = square.any(dim=1).sum(), square.any(dim=0).sum()
        assert rows <= 3
        assert columns <= 3
        assert square.sum() == rows * columns
    assert bool((out[out != x] == x.min()).all())
    assert bool((covered.sum(dim=(1, 2)) == 9).any())


def test_a_chain_does_one_after_the_other():
    chain = Chain(RandomFlip(1), lambda x: 2 * x)
    assert torch.equal(chain(numbered()), 2 * numbered().flip(3))
    assert repr(Chain(RandomShift(2), RandomFlip())) == (
        "Chain(RandomShift(pixels=2), RandomFlip(share=0.5))"
    )


@pytest.mark.parametrize("augment", [RandomShift(2), RandomFlip(), RandomErasing(2)])
def test_the_seed_decides_and_the_input_is_not_changed(augment):
    x = numbered()
    torch.manual_seed(3)
    first = augment(x)
    torch.manual_seed(3)
    assert torch.equal(augment(x), first)
    assert not torch.equal(augment(x), first)
    assert torch.equal(x, numbered())


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: RandomShift(-1), "pixels is -1; expected at least 0"),
        (lambda: RandomFlip(1.5), "share is 1.5; expected a finite number from 0 to 1"),
        (lambda: RandomErasing(0), "size is 0; expected at least 1"),
    ],
)
def test_a_wrong_setting_is_named(make, says):
    with pytest.raises(ValueError, match=says):
        make()


@pytest.mark.parametrize("augment", [RandomShift(), RandomFlip(), RandomErasing()])
def test_what_is_no_batch_of_images_is_named(augment):
    with pytest.raises(ValueError, match=r"x has shape \(3, 4\); expected \(N, C, H, W\)"):
        augment(torch.zeros(3, 4))
