"""What a machine needs for lessons in a room without a network, fetched beforehand."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from rich.table import Table

from coursekit.data import cache, fashion, idx, tutorial, weights
from coursekit.machine import download
from coursekit.machine.console import print_table
from coursekit.machine.paths import cache_folder

__all__ = ["fetch"]

OFFLINE = "COURSEKIT_OFFLINE is set; unset it to fetch from the network"
ADVICE = "Call `coursekit fetch` again, or copy that folder from a machine that has the files."


def fetch(*, everything: bool = False) -> int:
    """Fetch Fashion-MNIST and, if `everything`, what lesson 7 can use; print what is where.

    For lesson 7: the weights of ResNet-18, and the ants and bees of PyTorch's tutorial.
    What is there is verified, what is damaged replaced. Returns 0, or 1 where something is missing.
    """
    wanted: dict[str, tuple[Path, Callable[[Path], str]]] = {"Fashion-MNIST": _fashion_mnist()}
    if everything:
        wanted["weights of ResNet-18"] = weights.cached_file().parent, _resnet18
        wanted["ants and bees"] = _ants_and_bees()
    table, problems = Table("what", "result", "folder"), []
    for name, (folder, get) in wanted.items():
        try:
            result = get(folder)
        except (download.DownloadError, idx.DataError) as error:
            problems.append(f"{name}: {error}.")
            result = "missing"
        table.add_row(name, result, str(folder))
    print_table(table)
    for line in [*problems, ADVICE] if problems else []:
        print(line)
    return int(bool(problems))


def _fashion_mnist() -> tuple[Path, Callable[[Path], str]]:
    """Return where the four files are or shall be, and what puts them there."""
    named = fashion.data_folder()
    if named is not None and idx.present(named / fashion.RAW):
        return named / fashion.RAW, _verified
    return cache_folder() / fashion.RAW, _completed


def _verified(folder: Path) -> str:
    for error in idx.damaged(folder):
        raise error
    return "verified"


def _completed(folder: Path) -> str:
    download.clean(folder)
    for problem in cache.repair(folder):
        print(problem)
    if idx.present(folder):
        return "verified"
    _check_online()
    cache.complete(folder)
    return "fetched"


def _resnet18(folder: Path) -> str:
    """Put the weights into the folder, or verify those there, which torchvision does not."""
    path = weights.cached_file()
    download.clean(folder)
    if path.is_file():
        if weights.is_whole(path):
            return "verified"
        print(f"{path.name} is damaged; it is {download.set_aside(path).name} now")
    _check_online()
    weights.fetch()
    return "fetched"


def _ants_and_bees() -> tuple[Path, Callable[[Path], str]]:
    """Return where the photographs are or shall be, and what puts them there."""
    folder, kept = tutorial.ants_and_bees(), cache_folder() / tutorial.FOLDER
    if folder in (None, kept):
        return kept, _photographs
    return folder, lambda _: "found"  # in COURSEKIT_DATA, where smaller copies do as well


def _photographs(folder: Path) -> str:
    download.clean(folder.parent)
    if folder.is_dir():
        if tutorial.is_whole(folder):
            return "verified"
        shutil.rmtree(folder.with_name(f"{folder.name}.damaged"), ignore_errors=True)
        print(f"{folder.name} is not whole; it is {download.set_aside(folder).name} now")
    _check_online()
    tutorial.fetch(folder.parent)
    return "fetched"


def _check_online() -> None:
    if download.offline():
        raise download.DownloadError(OFFLINE)
