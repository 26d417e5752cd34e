"""A picture file of one's own: a garment is cut out, and where none was found, that is said."""

import pytest
import torch
from PIL import Image

from coursekit.data.garment import garment_photo
from coursekit.machine.paths import course_folder


def saved(pixels, folder):
    file = folder / "picture.png"
    Image.fromarray(pixels.to(torch.uint8).numpy()).save(file)
    return file


def shirt(background, garment):
    """Return a garment (40, 20) in the middle of an even background (80, 60)."""
    pixels = torch.full((80, 60), background)
    pixels[20:60, 20:40] = garment
    return pixels


@pytest.mark.parametrize(("background", "garment"), [(250, 60), (10, 200), (120, 250)])
def test_a_garment_on_an_even_background_raises_no_doubt(background, garment, tmp_path):
    photo = garment_photo(saved(shirt(background, garment), tmp_path))
    assert photo.doubt == ""
    assert photo.image.shape == (1, 28, 28)


def test_a_whole_photograph_is_no_garment():
    photo = garment_photo(course_folder("data") / "photographs" / "cat.png")
    assert "the border is no even background" in photo.doubt


def test_a_white_sheet_that_is_not_swapped_is_doubted(tmp_path):
    file = saved(shirt(250, 60), tmp_path)
    assert "so it counts as the garment" in garment_photo(file, dark_on_light=False).doubt


def test_a_garment_that_leaves_the_picture_is_doubted(tmp_path):
    pixels = shirt(250, 60)
    pixels[60:] = 60  # as shoulders leave a portrait below
    assert "of it differs" in garment_photo(saved(pixels, tmp_path)).doubt
