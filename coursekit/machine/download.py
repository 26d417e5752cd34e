"""Files from the network: whole and verified in their place, or not there at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from urllib.error import URLError
from urllib.request import getproxies, install_opener

from coursekit.machine.console import watched

__all__ = ["DownloadError", "clean", "download", "offline", "set_aside", "sha256"]

TIMEOUT = 10.0  # seconds without an answer, after which a lesson goes on offline
STALE = 60.0  # seconds in which a download that lives has written something


class DownloadError(Exception):
    """A file could not be had. The message says why, and what to do."""


def offline() -> bool:
    """Return whether COURSEKIT_OFFLINE says never to try the network: set, and not to 0."""
    return os.environ.get("COURSEKIT_OFFLINE", "0") not in ("", "0")


def download(url: str, path: Path, expected: str) -> None:
    """Put what the address holds into the path, with a progress bar unless CI is set.

    expected: its SHA-256 in hexadecimal, or the beginning of it.
    Raises DownloadError; then there is nothing at the path, and nothing partial beside it.
    """
    from torch.hub import download_url_to_file  # torch takes a second, and most runs fetch nothing

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        clean(path.parent)
        install_opener(None)  # or urllib would keep the proxies that its first call met
        with _timeout(TIMEOUT):
            download_url_to_file(url, str(path), expected, progress=watched())
    except (OSError, HTTPException, RuntimeError, ValueError) as error:
        raise DownloadError(f"{path.name} could not be downloaded: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    if isinstance(error, RuntimeError):
        return (
            "what arrived is not the file, for its checksum fails; "
            "the connection broke off, or the network wants a login first"
        )
    if isinstance(error, ValueError):  # an address that is none: ours is one, so a proxy's is not
        named = {name: value for name, value in getproxies().items() if value}
        return f"a proxy is set that is no address, one of {named}; unset it, or correct it"
    cause = error.reason if isinstance(error, URLError) else error
    said = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
    return f"{said}; is there a network?" if isinstance(error, (URLError, TimeoutError)) else said


def sha256(content: bytes) -> str:
    """Return the SHA-256 of the bytes: 64 hexadecimal digits, in lower case."""
    return hashlib.sha256(content).hexdigest()


def set_aside(path: Path) -> Path:
    """Return the new name of a damaged file, NAME.damaged, which makes room for a good one.

    Raises OSError where the folder may not be written to.
    """
    return path.replace(path.with_name(path.name + ".damaged"))


def clean(folder: Path) -> None:
    """Remove what downloads left behind that were killed; those that still write are let be."""
    for left in [*folder.glob("partial-*"), *folder.glob("*.partial")]:  # [] where it is missing
        newest = max(path.stat().st_mtime for path in (left, *left.glob("*")))
        if time.time() - newest > STALE:
            shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)


@contextmanager
def _timeout(seconds: float) -> Iterator[None]:
    # torch's download has no such argument, so it is the default of all sockets for a while.
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
