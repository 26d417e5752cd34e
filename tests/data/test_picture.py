"""One reader for every picture: files and PIL images, at their own size or cropped to one."""

import io
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageFile

from coursekit import transfer
from coursekit.data.decoding import ORIENTATION, TURNS
from coursekit.data.picture import UnreadableError, read_picture

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
        ("text.png", b"not a picture", "not an image file"),
        ("cut.png", b"\x89PNG\r\n\x1a\n and no more", "damaged, cannot be decoded"),
        ("half.jpg", half(), "damaged, cannot be decoded"),
        ("notes.txt", b"not a picture", "not an image file"),
        (
            "404.jpg",
            b"\n<!DOCTYPE html>\n<HTML>",
            "a web page, saved in the place of a picture: save",
        ),
        ("page.png", b"<html><svg/>", "SVG, which is a drawing"),
        (
            "clone.jpg",
            b"version https://git-lfs.github.com/spec/v1\n",
            "a placeholder of Git LFS: `git lfs",
        ),
        ("scan.jpg", b"%PDF-1.7\n", "PDF, which is a document: export its page as PNG"),
        ("logo.png", b"<?xml?><svg/>", "SVG, which is a drawing"),
        (
            "phone.jpg",
            b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
            "HEIC, which Pillow does not read: export it as JPEG",
        ),
    ],
)
def test_a_file_that_is_no_picture_is_named_and_the_reason(tmp_path, name, content, why):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    for size in (None, 8):
        with pytest.raises(UnreadableError, match=f"path is .*{name}: {why}.*; expected") as raised:
            read_picture(tmp_path / name, size)
        assert raised.value.why.startswith(why)
    with pytest.raises(UnreadableError, match=f"pictures is .*{name}: {why}.*; expected"):
        transfer.Preprocess(8, 8)([tmp_path / name])


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.jfif", "JPEG"), ("a.gif", "GIF"), ("a.avif", "AVIF"), ("a.jpe", "JPEG"), ("a.mpo", "MPO"),
     ("a", "PNG"), ("a.jpg!d", "JPEG"), ("a.jpg", "PNG"), ("a.png", "WEBP"), ("a.txt", "TIFF"), ("a.ppm", "PPM"),
     ("a.ico", "ICO"), ("a.heic", "JPEG"), ("a.b c", "BMP"), ("ä .jp2", "JPEG2000"), ("a.pnm", "PPM"), ("a.tga", "TGA")],
)  # fmt: skip
def test_content_decides_and_never_the_name(tmp_path, name, kind):
    Image.new("RGB", (32, 32), BLUE).save(tmp_path / name, kind)
    for size in (None, 16):
        pixels = read_picture(tmp_path / name, size).pixels.int()
        assert (pixels - torch.tensor(BLUE).view(3, 1, 1)).abs().max() <= 3


RAMP = np.arange(0, 256, 5, dtype=np.uint8).reshape(4, 13)


@pytest.mark.parametrize(
    "values",
    [RAMP / 255, RAMP / 1.0, RAMP * 257.0, RAMP / 255 - 0.5, RAMP.astype(np.int32), RAMP.astype(np.int32) * 257,
     RAMP.astype(np.int32) * 1_000_000, RAMP.astype(np.uint16) * 257, RAMP.astype(np.int32) - 1000],
    ids=["shares", "bytes in decimals", "16 bits in decimals", "around 0", "bytes in 32 bits", "16 in 32 bits",
         "32 bits", "16 bits", "below 0"],
)  # fmt: skip
def test_deep_gray_is_scaled_to_its_range(tmp_path, values):
    values = values.astype(np.float32) if values.dtype.kind == "f" else values
    Image.fromarray(values).save(tmp_path / "deep.tif")
    pixels, changes, _ = read_picture(tmp_path / "deep.tif")
    assert np.array_equal(pixels[1].numpy(), RAMP)
    assert changes == ["gray made colour"]


def test_what_is_no_number_is_black_and_does_not_move_the_others(tmp_path):
    values = (RAMP / 255).astype(np.float32)
    values[0, :3] = np.nan, np.inf, -np.inf
    Image.fromarray(values).save(tmp_path / "holes.tif")
    read = read_picture(tmp_path / "holes.tif").pixels[0]
    assert read[0, :3].tolist() == [0, 255, 0]
    assert np.array_equal(read[1:].numpy(), RAMP[1:])


@pytest.mark.parametrize("mode", ["LAB", "HSV", "YCbCr", "La", "RGBa", "RGBX", "PA", "I;16B"])
def test_rare_kinds_of_pixel_keep_their_colour(mode):
    if mode == "LAB":
        image = Image.new("LAB", (4, 4), (255, 128, 128))
    elif mode == "I;16B":
        image = Image.frombytes("I;16B", (4, 4), b"\xff\xff" * 16)
    else:
        by = {"La": "LA", "RGBa": "RGBA", "PA": "P"}.get(mode)
        image = Image.new("RGB", (4, 4), WHITE)
        image = image.convert(by).convert(mode) if by else image.convert(mode)
    assert read_picture(image).pixels.min() >= 253


@pytest.mark.parametrize("turn", range(10))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "AVIF"])
def test_metadata_decide_the_turn_as_pillow_does_and_nothing_else(tmp_path, turn, kind):
    lying = Image.new("RGB", (40, 24), RED)
    lying.paste(BLUE, (20, 0, 40, 24))
    lying.paste(GREEN, (0, 0, 20, 12))
    exif = Image.Exif()
    exif[ORIENTATION] = turn
    if kind == "TIFF":
        if turn not in range(1, 9):
            pytest.skip("libtiff writes no other")
        lying.save(tmp_path / "a", kind, exif=exif, compression="tiff_lzw")
    else:
        lying.save(tmp_path / "a", kind, exif=exif)
    read = read_picture(tmp_path / "a")
    upright = TURNS.get(turn)
    expected = np.array(lying if upright is None else lying.transpose(upright)).astype(int)
    found = read.pixels.permute(1, 2, 0).numpy().astype(int)
    assert found.shape == expected.shape
    assert np.abs(found - expected).mean() < 8
    assert read.changes == ([] if upright is None else ["turned upright by EXIF"])


ODD_TAGS = [
    (0x010F, 1.5),
    (0x0132, 2.5),
    (0x011A, "text"),
    (0x0213, (-1, 0)),
    (0x8769, 99999),
    (0x8825, b"x"),
]


@pytest.mark.parametrize(("tag", "value"), ODD_TAGS)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_odd_metadata_of_cameras_are_passed_over(tmp_path, tag, value, kind):
    directory = struct.pack("<2sHIH", b"II", 42, 8, 2)
    directory += struct.pack("<HHII", ORIENTATION, 3, 1, 6)
    written = {float: (12, struct.pack("<f", 1.5)), str: (2, b"text"), tuple: (10, b"\xff\xff\xff\xff"),
               int: (4, b"\xff\xff\0\0"), bytes: (7, b"xxxx")}[type(value)]  # fmt: skip
    directory += struct.pack("<HHI4sI", tag, written[0], 1, written[1], 0)
    Image.new("RGB", (40, 20), RED).save(tmp_path / "a", kind, exif=b"Exif\0\0" + directory)
    assert read_picture(tmp_path / "a").pixels.shape == (3, 40, 20)


@pytest.mark.parametrize("place", ["before", "after"])
@pytest.mark.parametrize("name", [b"zTXt", b"iCCP", b"tEXt"])
def test_a_megabyte_of_words_in_a_png_is_passed_over(tmp_path, name, place):
    stream = io.BytesIO()
    Image.new("RGB", (9, 9), BLUE).save(stream, "PNG")
    words = b"a\0" + (
        b"x" * 3_000_000 if name == b"tEXt" else b"\0" + zlib.compress(b"x" * 3_000_000)
    )
    chunk = (
        struct.pack(">I", len(words)) + name + words + struct.pack(">I", zlib.crc32(name + words))
    )
    at = 33 if place == "before" else len(stream.getvalue()) - 12
    (tmp_path / "a.png").write_bytes(stream.getvalue()[:at] + chunk + stream.getvalue()[at:])
    assert read_picture(tmp_path / "a.png").pixels[2].unique().tolist() == [255]


def test_settings_of_pillow_in_the_notebook_decide_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    (tmp_path / "half.jpg").write_bytes(half())
    with pytest.raises(UnreadableError, match="damaged"):
        read_picture(tmp_path / "half.jpg")
    assert read_picture(paint(tmp_path / "one.png")).pixels.shape == (3, 20, 20)
    assert (ImageFile.LOAD_TRUNCATED_IMAGES, Image.MAX_IMAGE_PIXELS) == (True, 10)


def test_an_error_of_another_kind_is_a_damaged_file_too(tmp_path, monkeypatch):
    def broken(*_):
        raise RuntimeError("AVIF decoder")

    file = paint(tmp_path / "a.jpg")
    monkeypatch.setattr(Image, "open", broken)
    with pytest.raises(UnreadableError, match="damaged, cannot be decoded"):
        read_picture(file)


def test_what_may_not_be_read_and_what_is_no_file_say_so(tmp_path, monkeypatch):
    with pytest.raises(UnreadableError, match="a folder"):
        read_picture(tmp_path)
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(UnreadableError, match="no regular file"):
        read_picture(tmp_path / "pipe.png")
    file = paint(tmp_path / "a.png")
    monkeypatch.setattr(
        Path, "open", lambda *_: (_ for _ in ()).throw(PermissionError(13, "Permission denied"))
    )
    with pytest.raises(UnreadableError, match="cannot be opened: Permission denied"):
        read_picture(file)


def test_a_huge_jpeg_is_read_smaller_and_a_huge_png_is_refused_before_it_is_decoded(tmp_path):
    Image.new("L", (6000, 4000), 90).save(tmp_path / "big.jpg")
    assert read_picture(tmp_path / "big.jpg").pixels.shape == (3, 2000, 3000)
    assert read_picture(tmp_path / "big.jpg").pixels.unique().tolist() == [90]
    head = struct.pack(">IIBBBBB", 20_000, 10_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    (tmp_path / "big.png").write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 9) + b"IDAT"
    )
    with pytest.raises(UnreadableError, match="too large for the memory"):
        read_picture(tmp_path / "big.png")


def test_a_thin_picture_is_cropped_before_it_is_resized(tmp_path):
    for size in ((1, 5000), (5000, 1), (2, 400_000)):
        Image.new("RGB", size, RED).save(tmp_path / "thin.png")
        pixels = read_picture(tmp_path / "thin.png", 64).pixels
        assert (pixels == torch.tensor(RED).view(3, 1, 1)).all()


MEASURED = """
import re, sys
from pathlib import Path
import torch
from coursekit.data.picture import read_picture
for size in (None, 64):
    read_picture(sys.argv[1], size)
# Of this program alone: what getrusage says counts whoever started it as well.
print(int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) // 1000)
"""


@pytest.mark.ci
@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for its peak of memory")
def test_two_hundred_megapixels_are_read_within_a_gigabyte(tmp_path):
    Image.linear_gradient("L").resize((16320, 12240)).convert("RGB").save(tmp_path / "big.jpg")
    ran = subprocess.run(
        [sys.executable, "-c", MEASURED, str(tmp_path / "big.jpg")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(ran.stdout) < 1000


@pytest.mark.parametrize("shape", [(0, 3), (3, 0)])
def test_an_image_without_pixels_is_refused(shape):
    with pytest.raises(
        UnreadableError, match=rf"path is an image: empty, {shape[0]} x {shape[1]} pixels"
    ):
        read_picture(Image.new("RGB", shape))


# What these kinds of file hold, under the eyes of somebody careful: opaque, 8 bits, the first picture.
FIRST = {"GIF": "gif", "PNG": "png", "TIFF": "tif", "MPO": "mpo"}


@pytest.mark.parametrize("kind", FIRST)
def test_of_several_pictures_in_a_file_the_first_is_read(tmp_path, kind):
    one, two = (Image.new("RGB", (20, 20), colour) for colour in (RED, BLUE))
    one.save(tmp_path / "a", kind, save_all=True, append_images=[two])
    pixels = read_picture(tmp_path / "a").pixels.int()
    assert (pixels - torch.tensor(RED).view(3, 1, 1)).abs().max() <= 2


def png(depth, colour, sample, count):
    """Return a PNG of 4 by 3 pixels, each of so many samples, written by hand."""
    line = b"\0" + struct.pack(">H" if depth == 16 else "B", sample) * count * 4
    parts = [(b"IHDR", struct.pack(">IIBBBBB", 4, 3, depth, colour, 0, 0, 0)),
             (b"IDAT", zlib.compress(line * 3)), (b"IEND", b"")]  # fmt: skip
    whole = [
        struct.pack(">I", len(b)) + n + b + struct.pack(">I", zlib.crc32(n + b)) for n, b in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(whole)


@pytest.mark.parametrize(
    ("content", "value"),
    [(png(16, 2, 40_000, 3), 156), (png(16, 4, 65_535, 2), 255), (png(16, 6, 65_535, 4), 255), (png(16, 6, 0, 4), 255),
     (png(16, 0, 40_000, 1), 156), (png(8, 4, 0, 2), 255), (b"P5\n2 1\n1000\n" + struct.pack(">HH", 500, 500), 128),
     (b"P1\n2 1\n0 0\n", 255), (b"Pf\n2 1\n-1.0\n" + struct.pack("<ff", 0.5, 0.5), 128)],
)  # fmt: skip
def test_depths_that_are_rare_give_what_a_careful_person_would_see(tmp_path, content, value):
    (tmp_path / "a.jpg").write_bytes(content)
    assert read_picture(tmp_path / "a.jpg").pixels.unique().tolist() == [value]


def test_an_image_in_memory_that_cannot_be_decoded_is_refused():
    with pytest.raises(UnreadableError, match="path is an image: damaged"):
        read_picture(Image.open(io.BytesIO(half())))
