"""What a machine needs for lessons in a room without a network, fetched beforehand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rich.table import Table

from coursekit import data, downloads, fashion_cache, idx
from coursekit.console import print_table

__all__ = ["fetch"]

OFFLINE = "COURSEKIT_OFFLINE is set; unset it to fetch from the network"
ADVICE = "Call `coursekit fetch` again, or copy that folder from a machine that has the files."


def fetch(*, everything: bool = False) -> int:
    """Fetch Fashion-MNIST and, if `everything`, the weights of ResNet-18; print what is where.

    What is there is verified, what is damaged replaced. Returns 0, or 1 where something is missing.
    """
    wanted: dict[str, tuple[Path, Callable[[Path], str]]] = {"Fashion-MNIST": _fashion_mnist()}
    if everything:
        wanted["weights of ResNet-18"] = _hub_folder(), _resnet18
    table, problems = Table("what", "result", "folder"), []
    for name, (folder, get) in wanted.items():
        try:
            result = get(folder)
        except (downloads.DownloadError, data.DataError) as error:
            problems.append(f"{name}: {error}.")
            result = "missing"
        table.add_row(name, result, str(folder))
    print_table(table)
    for line in [*problems, ADVICE] if problems else []:
        print(line)
    return int(bool(problems))


def _fashion_mnist() -> tuple[Path, Callable[[Path], str]]:
    """Return where the four files are or shall be, and what puts them there."""
    named = data.data_folder()
    if named is not None and idx.present(named / data.RAW):
        return named / data.RAW, _verified
    return data.cache_folder() / data.RAW, _completed


def _verified(folder: Path) -> str:
    for error in idx.damaged(folder):
        raise error
    return "verified"


def _completed(folder: Path) -> str:
    downloads.clean(folder)
    for problem in fashion_cache.repair(folder):
        print(problem)
    if idx.present(folder):
        return "verified"
    _check_online()
    fashion_cache.complete(folder)
    return "fetched"


def _hub_folder() -> Path:
    """Return where torchvision looks for weights."""
    import torch.hub

    return Path(torch.hub.get_dir()) / "checkpoints"


def _resnet18(folder: Path) -> str:
    """Put the weights into the folder, or verify those there, which torchvision does not."""
    address, expected = _published_weights()
    path = folder / address.rpartition("/")[2]
    downloads.clean(folder)
    if path.is_file():
        if downloads.sha256(path.read_bytes()).startswith(expected):
            return "verified"
        print(f"{path.name} is damaged; it is {downloads.set_aside(path).name} now")
    _check_online()
    downloads.download(address, path, expected)
    return "fetched"


def _published_weights() -> tuple[str, str]:
    """Return the address and, as torch.hub reads it in the name, the beginning of the SHA-256."""
    from torchvision.models import ResNet18_Weights

    address = ResNet18_Weights.IMAGENET1K_V1.url
    return address, address.rpartition("-")[2].partition(".")[0]


def _check_online() -> None:
    if data.offline():
        raise downloads.DownloadError(OFFLINE)
