"""Ants and bees, the photographs of PyTorch's tutorial on transfer learning: found, or fetched."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

from coursekit.data.fashion import data_folder
from coursekit.machine import download
from coursekit.machine.paths import cache_folder

__all__ = ["ADVICE", "FOLDER", "ants_and_bees", "fetch", "is_whole"]

ADDRESS = "https://download.pytorch.org/tutorial/hymenoptera_data.zip"
FOLDER = "hymenoptera_data"  # its name in the archive
ADVICE = "`coursekit fetch --all` brings them, 47 MB, where there is a network"
CLASSES = ("ants", "bees")
PICTURE = re.compile(rf"{FOLDER}/(train|val)/({'|'.join(CLASSES)})/[^/\\]+\.jpe?g")
# Of a list of all 397 pictures, a line "SHA-256  path" for each, sorted. The archive states no
# checksum, and this holds for its contents however they were packed.
SHA256 = "432efda33074bf8a860ea8afd5379fe9bbc1e9d9f5da328e75b2328c9b6e6ec3"


def ants_and_bees() -> Path | None:
    """Return the folder of the photographs, as `image_folder` reads it, or None: not at hand.

    It is looked for in COURSEKIT_DATA, then in the user's cache: train/ and val/, each with ants/
    and bees/; 244 and 153 photographs. Nothing is downloaded here.
    Raises DataError where COURSEKIT_DATA names something that is not a folder.
    """
    places = (data_folder(), cache_folder())
    folders = (place / FOLDER for place in places if place is not None)
    return next((folder for folder in folders if _has_parts(folder)), None)


def is_whole(folder: Path) -> bool:
    """Return whether the folder holds the tutorial's 397 pictures, byte for byte."""
    files = (file for file in folder.rglob("*") if file.is_file())
    named = {f"{FOLDER}/{file.relative_to(folder).as_posix()}": file for file in files}
    return _digest({name: file.read_bytes() for name, file in named.items()}) == SHA256


def fetch(cache: Path) -> None:
    """Fetch the photographs into the cache folder: 47 MB, with a progress bar.

    They appear there all together and verified, or not at all.
    Raises DownloadError, which says why.
    """
    archive, partial = cache / f"{FOLDER}.zip", cache / f"{FOLDER}.partial"
    # Any file passes here, as its checksum is not known: what is in it is verified instead.
    download.download(ADDRESS, archive, "")
    try:
        pictures = _pictures(archive)
        for name, content in pictures.items():
            path = partial / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        (partial / FOLDER).replace(cache / FOLDER)
    except OSError as error:
        raise download.DownloadError(f"{FOLDER} could not be stored: {error.strerror}") from error
    finally:
        archive.unlink(missing_ok=True)
        shutil.rmtree(partial, ignore_errors=True)


def _pictures(archive: Path) -> Mapping[str, bytes]:
    """Return the verified pictures of an archive, by name, and nothing else that it may hold."""
    try:
        with zipfile.ZipFile(archive) as opened:
            names = [name for name in opened.namelist() if PICTURE.fullmatch(name)]
            pictures = {name: opened.read(name) for name in names}
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise download.DownloadError(_unlike(archive, "it cannot be unpacked")) from error
    if _digest(pictures) != SHA256:
        raise download.DownloadError(_unlike(archive, "its pictures are not those of the tutorial"))
    return pictures


def _unlike(archive: Path, why: str) -> str:
    return (
        f"{archive.name} could not be used: {why}; the connection broke off, or the network wants "
        f"a login first. A copy of the folder {FOLDER} in COURSEKIT_DATA does as well"
    )


def _digest(contents: Mapping[str, bytes]) -> str:
    pictures = sorted(name for name in contents if PICTURE.fullmatch(name))
    lines = (f"{download.sha256(contents[name])}  {name}\n" for name in pictures)
    return download.sha256("".join(lines).encode())


def _has_parts(folder: Path) -> bool:
    return all((folder / split / kind).is_dir() for split in ("train", "val") for kind in CLASSES)
