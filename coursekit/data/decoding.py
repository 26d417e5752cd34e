"""A picture's file, opened: by what is in it, whatever its name says, and whatever else it holds.

Metadata decides nothing but which side is up. Neither do settings of Pillow's in this process.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageFile

__all__ = [
    "DAMAGED",
    "NO_PICTURE",
    "as_it_comes",
    "decoded",
    "factor",
    "looks_like_picture",
    "reason",
    "turn",
]

FORMATS = (
    "JPEG", "MPO", "PNG", "GIF", "BMP", "DIB", "TIFF", "WEBP", "AVIF", "PPM", "ICO", "CUR", "ICNS",
    "JPEG2000", "QOI", "PSD", "PCX", "SGI", "TGA",
)  # fmt: skip
DAMAGED, NO_PICTURE = "damaged, cannot be decoded", "not an image file"
HEIC = "HEIC, which Pillow does not read: export it as JPEG"
# What else is met under a picture's name: how it begins, in small letters -> what to do.
OTHERS = {
    b"<svg": "SVG, which is a drawing and has no pixels: export it as PNG",
    b"<html": "a web page, saved in the place of a picture: save the picture itself",
    b"<!doctype html": "a web page, saved in the place of a picture: save the picture itself",
    b"version https://git-lfs": "a placeholder of Git LFS: `git lfs pull` brings the picture",
    b"%pdf-": "PDF, which is a document: export its page as PNG",
}
PHONE = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
BEGINNINGS = (
    b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF", b"\0\0\1\0", b"8BPS",
    b"\0\0\0\x0cjP", b"qoif", b"icns",
    *(b"P%d%c" % (kind, space) for kind in range(1, 8) for space in b" \t\r\n"),
)  # fmt: skip
ORIENTATION = 0x0112  # the EXIF tag
# Its values -> what turns the picture upright. 1 is upright; others, which some cameras write, are
# no orientation.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}  # fmt: skip
MOST_BYTES = 300_000_000  # of memory for the pixels as Pillow keeps them
MANY = 8_000_000  # pixels, of which more show nothing that a network of this course could see
SIDE = 1024  # pixels: the shorter side is not made smaller than that


@contextmanager
def decoded(
    stream: BinaryIO, size: int | None
) -> Iterator[tuple[Image.Image, Image.Transpose | None]]:
    """Give the picture in an open file, decoded, and what turns it upright.

    A huge JPEG is smaller than it is in the file, and read so at once.

    size: what the shorter side will become, or None where the picture's own size is wanted.
    Raises whatever Pillow does for damaged files, MemoryError for one that is too large.
    """
    with as_it_comes():
        try:
            found = _loaded(stream, size)
        except MemoryError:
            raise
        except Exception:
            stream.seek(0)
            content = stream.read()
            plain = _without_words(content)
            if len(plain) == len(content):
                raise
            found = _loaded(io.BytesIO(plain), size)
        with found[0]:
            yield found


def _loaded(stream: BinaryIO, size: int | None) -> tuple[Image.Image, Image.Transpose | None]:
    Image.init()
    picture = Image.open(stream, formats=[name for name in FORMATS if name in Image.OPEN])
    whole = picture.width * picture.height
    if size is not None:
        picture.draft("RGB", (2 * size, 2 * size))  # 12 megapixels are read eight times faster
    elif (by := factor(picture.size, None)) > 1:
        picture.draft("RGB", (picture.width // by, picture.height // by))
    _check_size(picture, whole)
    upright = turn(picture)  # before the metadata go; a PNG is decoded for it
    _forget_metadata(picture)
    picture.load()
    return picture, upright


def factor(pixels: tuple[int, int], size: int | None) -> int:
    """Return how many pixels of a huge picture (width, height) may become one, each way."""
    least = SIDE if size is None else max(SIDE, 2 * size)
    return max(1, min(round((pixels[0] * pixels[1] / MANY) ** 0.5), min(pixels) // least))


def turn(picture: Image.Image) -> Image.Transpose | None:
    """Return what turns the picture upright, or None where it is so."""
    try:
        found = picture.getexif().get(ORIENTATION)
    except Exception:  # nothing of it can be read: then it says nothing
        return None
    return TURNS.get(found) if isinstance(found, int) else None


def _forget_metadata(picture: Image.Image) -> None:
    """Take the metadata away, which Pillow reads again, and stumbles over, when it decodes TIFF."""
    try:
        exif = picture.getexif()
        for tag in list(exif):
            del exif[tag]
    except Exception:  # what cannot be read now will not be read then
        return


def looks_like_picture(file: Path) -> bool:
    """Return whether a file begins as pictures do, damaged ones and those of phones too."""
    try:
        with file.open("rb") as stream:
            head = stream.read(16)
    except OSError:
        return False
    return head.startswith(BEGINNINGS) or head[4:8] == b"ftyp"


def reason(file: Path, error: Exception) -> str:
    """Return in a few words why a file is no picture, after an error of Pillow's."""
    if isinstance(error, MemoryError):
        return "too large for the memory of a lesson: make it smaller"
    with file.open("rb") as stream:
        head = stream.read(4096)
    if head[4:8] == b"ftyp":
        brands = {head[8:12], *(head[at : at + 4] for at in range(16, min(head[3], 64), 4))}
        if brands & {b"avif", b"avis"}:
            return DAMAGED
        return HEIC if brands & PHONE else NO_PICTURE
    text = head[:1024].lower()
    for begins, what in OTHERS.items():
        if text.startswith(begins) or (begins.startswith(b"<") and begins in text):
            return what
    if head.startswith(BEGINNINGS):
        return DAMAGED
    return HEIC if file.suffix.lower() in (".heic", ".heif") else NO_PICTURE


def _check_size(picture: Image.Image, whole: int) -> None:
    """Raise MemoryError where the pixels would take more memory than a lesson may have.

    whole: how many pixels there are in the file.
    """
    bands = len(picture.getbands())
    small = bands == 1 and not picture.mode.startswith(("I", "F"))
    needed = picture.width * picture.height * (1 if small else 4)
    if picture.format in ("WEBP", "AVIF", "JPEG2000"):
        needed *= 2  # once in the decoder, and once more in Pillow
    if picture.info.get("progressive"):
        needed += 2 * bands * whole  # the decoder's coefficients, whatever size is asked for
    if needed > MOST_BYTES:
        raise MemoryError(f"{whole:,} pixels")


@contextmanager
def as_it_comes() -> Iterator[None]:
    """Have Pillow read as it does of itself, without a bound on pixels: ours is on memory."""
    kept = Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES
    Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES = None, False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES = kept


def _without_words(content: bytes) -> bytes:
    """Return a PNG or a JPEG without texts, colour profiles and EXIF, which may be what is wrong.

    Pillow refuses a PNG with a megabyte of text. Anything else is returned as it is.
    """
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png_without_words(content)
    return _jpeg_without_words(content) if content.startswith(b"\xff\xd8") else content


def _png_without_words(content: bytes) -> bytes:
    parts, at = [content[:8]], 8
    while at + 12 <= len(content):
        end = at + 12 + int.from_bytes(content[at : at + 4], "big")  # length, name, data, checksum
        if content[at + 4 : at + 8] not in (b"tEXt", b"zTXt", b"iTXt", b"iCCP", b"eXIf"):
            parts.append(content[at:end])
        at = end
    return b"".join(parts)


def _jpeg_without_words(content: bytes) -> bytes:
    parts, at = [content[:2]], 2
    while content[at : at + 1] == b"\xff" and content[at + 1 : at + 2] not in (b"\xda", b""):
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        # APP1 to APP13 and comments; APP0 and APP14 say how colours are kept.
        if not (0xE1 <= content[at + 1] <= 0xED or content[at + 1] == 0xFE):
            parts.append(content[at:end])
        at = end
    return b"".join([*parts, content[at:]])
