"""The lists of checksums, SHA256SUMS: one line a file, as sha256sum writes and checks them."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

NAME = "SHA256SUMS"


def listed(folder: Path) -> dict[str, str]:
    """Return checksums by path below the folder, as its list has them, if it has one."""
    if not (folder / NAME).is_file():
        return {}
    lines = (folder / NAME).read_text(encoding="utf-8").splitlines()
    pairs = (line.split(maxsplit=1) for line in lines)
    return {path.strip(): digest for digest, path in pairs}


def record(folder: Path, files: Mapping[Path, bytes]) -> None:
    """Write the checksums of these files into the folder's list, where the others stay.

    files: contents by path below the folder.
    """
    sums = listed(folder)
    for path, data in files.items():
        sums[path.as_posix()] = hashlib.sha256(data).hexdigest()
    lines = (f"{digest}  {path}\n" for path, digest in sums.items())
    (folder / NAME).write_text("".join(lines), encoding="utf-8")


def unlike(folder: Path, files: Mapping[Path, bytes]) -> list[str]:
    """Return complaints, one for each file that is not what the folder's list says."""
    sums = listed(folder)
    return [
        f"{path}: not what {NAME} says"
        for path, data in files.items()
        if sums.get(path.as_posix()) != hashlib.sha256(data).hexdigest()
    ]
