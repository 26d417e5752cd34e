"""What every drawing script does: check what is shipped, or write it with its checksums."""

import argparse
from collections.abc import Callable
from pathlib import Path

import checksums

Files = dict[Path, bytes]


def asked_to_check(about: str) -> bool:
    """Return whether the command line asks to compare with what ships, and to write nothing.

    about: what the script does, for its --help.
    """
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--check", action="store_true", help="draw again, compare, write nothing")
    return parser.parse_args().check


def check(folder: Path, files: Files, same: Callable[[bytes, bytes], bool], agreed: str) -> int:
    """Return exit status 0 where what ships has its checksums and is as drawn, else 1.

    files: what was drawn now, contents by path below the folder. same: whether two contents show
    the same. Prints a complaint for each file that differs, or `agreed`.
    """
    shipped = {path: (folder / path).read_bytes() for path in files if (folder / path).is_file()}
    missing = [f"{path}: missing" for path in files if path not in shipped]
    other = [
        f"{path}: not what is drawn"
        for path, data in shipped.items()
        if not same(data, files[path])
    ]
    complaints = missing + checksums.unlike(folder, shipped) + other
    print("\n".join(complaints) or agreed)
    return 1 if complaints else 0


def write(folder: Path, files: Files) -> None:
    """Write the files, and their checksums into the folder's list."""
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    checksums.record(folder, files)
    print(f"{sum(map(len, files.values())) / 1e6:.2f} MB in {len(files)} files")
