"""One reader for every picture: files and PIL images, at their own size or cropped to one."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from coursekit import transfer
from coursekit.data.picture import ORIENTATION, UnreadableError, read_picture

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def paint(file, colour=RED, size=(20, 20), mode="RGB"):
    Image.new("RGB", size, colour).convert(mode).save(file)
    return file


@pytest.mark.parametrize("suffix", ["png", "jpg", "JPEG", "webp", "bmp", "tif"])
def test_formats_give_the_same_colour(tmp_path, suffix):
    pixels, changes, _ = read_picture(paint(tmp_path / f"one.{suffix}", BLUE, (40, 30)), 8)
    assert pixels.shape == (3, 8, 8)
    assert (pixels[:, 4, 4].int() - torch.tensor(BLUE)).abs().max() <= 3
    assert changes == []


@pytest.mark.parametrize(
    ("mode", "says"),
    [("L", ["gray made colour"]), ("1", ["gray made colour"]), ("P", []), ("CMYK", [])],
)
def test_modes_become_colour(tmp_path, mode, says):
    file = paint(tmp_path / ("one.jpg" if mode == "CMYK" else "one.png"), WHITE, mode=mode)
    pixels, changes, _ = read_picture(file, 8)
    assert pixels.shape == (3, 8, 8)
    assert pixels[:, 4, 4].min() >= 250
    assert changes == says


def test_sixteen_bits_become_eight_and_not_white(tmp_path):
    Image.fromarray(np.full((9, 9), 128 * 257, dtype=np.uint16)).save(tmp_path / "deep.png")
    pixels, changes, _ = read_picture(tmp_path / "deep.png", 4)
    assert pixels.unique().tolist() == [128]
    assert changes == ["gray made colour"]


def test_transparency_is_laid_on_white_also_in_a_palette(tmp_path):
    clear = Image.new("RGBA", (9, 9), (0, 0, 0, 0))
    clear.save(tmp_path / "clear.png")
    palette = Image.new("P", (9, 9), 1)
    palette.putpalette([0, 0, 0, 10, 20, 30])
    palette.save(tmp_path / "palette.png", transparency=bytes([255, 0]))
    for name in ("clear.png", "palette.png"):
        pixels, changes, _ = read_picture(tmp_path / name, 9)
        assert pixels.unique().tolist() == [255]
        assert changes == ["transparent laid on white"]


def test_a_photograph_is_turned_upright(tmp_path):
    lying = Image.new("RGB", (40, 20), RED)
    lying.paste(BLUE, (20, 0, 40, 20))  # blue on the right
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # turn by a quarter, clockwise: the right side comes to the bottom
    lying.save(tmp_path / "phone.jpg", exif=exif, quality=95)
    pixels, changes, _ = read_picture(tmp_path / "phone.jpg", 20)
    assert changes == ["turned upright by EXIF"]
    assert pixels[0, 2, 10] > 200 > 50 > pixels[2, 2, 10], "red above"
    assert pixels[2, 17, 10] > 200 > 50 > pixels[0, 17, 10], "blue below"


def test_the_centre_of_the_longer_side_is_kept(tmp_path):
    wide = Image.new("RGB", (60, 20), GREEN)
    wide.paste(RED, (0, 0, 20, 20))
    wide.paste(BLUE, (40, 0, 60, 20))
    wide.save(tmp_path / "wide.png")
    pixels, changes, _ = read_picture(tmp_path / "wide.png", 10)
    assert torch.equal(
        pixels[:, 1:-1, 1:-1], torch.tensor(GREEN, dtype=torch.uint8).view(3, 1, 1).expand(3, 8, 8)
    )
    assert changes == []
    assert read_picture(tmp_path / "wide.png", 30).changes == ["enlarged"]


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "P", "1", "L", "CMYK", "I;16"])
def test_every_kind_of_pixel_is_read_at_its_own_size(tmp_path, mode):
    white = Image.new("L", (9, 7), 255)
    deep = Image.fromarray(np.full((7, 9), 2**16 - 1, dtype=np.uint16))
    image = (
        deep
        if mode == "I;16"
        else white.convert("RGB").convert(mode)
        if mode != "LA"
        else white.convert(mode)
    )
    image.save(tmp_path / ("a.tif" if mode == "CMYK" else "a.png"))
    for source in (next(tmp_path.glob("a.*")), image):
        pixels = read_picture(source).pixels
        assert (pixels.shape, pixels.dtype) == ((3, 7, 9), torch.uint8)
        assert (pixels == 255).all()


def test_an_image_in_memory_is_laid_on_white_and_stays_as_it_was():
    clear = Image.new("RGBA", (3, 3), (255, 0, 0, 0))
    assert (read_picture(clear).pixels == 255).all()
    assert clear.getpixel((0, 0)) == (255, 0, 0, 0)


def test_files_have_a_digest_of_their_own(tmp_path):
    red, blue = paint(tmp_path / "red.png"), paint(tmp_path / "blue.png", BLUE)
    assert read_picture(red).digest == read_picture(red, 8).digest != read_picture(blue).digest


def half():
    whole = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    Image.fromarray(noise).save(whole, "JPEG")
    return whole.getvalue()[: len(whole.getvalue()) // 2]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("gone.png", None, "cannot be opened: No such file or directory"),
        ("empty.png", b"", "empty, 0 bytes"),
        ("text.png", b"not a picture", "damaged, cannot be decoded"),
        ("half.jpg", half(), "damaged, cannot be decoded"),
        ("notes.txt", b"not a picture", "not an image file"),
        ("phone.heic", b"not a picture", "HEIC, which Pillow does not read: export it as JPEG"),
    ],
)
def test_a_file_that_is_no_picture_is_named_and_the_reason(tmp_path, name, content, why):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    for size in (None, 8):
        with pytest.raises(UnreadableError, match=f"path is .*{name}: {why}; expected") as raised:
            read_picture(tmp_path / name, size)
        assert raised.value.why == why
    with pytest.raises(UnreadableError, match=f"pictures is .*{name}: {why}; expected"):
        transfer.Preprocess(8, 8)([tmp_path / name])


def test_an_image_in_memory_that_cannot_be_decoded_is_refused():
    with pytest.raises(UnreadableError, match="path is an image: damaged"):
        read_picture(Image.open(io.BytesIO(half())))
