"""`coursekit site`."""

from __future__ import annotations

import argparse
import platform
import sys
from importlib.util import find_spec

HELP = "the course as a website, which opens from a folder"
TOOLS = ("docutils", "sphinx", "myst_parser", "furo")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add where the site goes, and where the course is kept."""
    parser.add_argument("-o", dest="folder", default="build/site", metavar="DIR")
    parser.add_argument(
        "--repository",
        default="",
        metavar="URL",
        help="of the course: gives buttons for Binder, Colab",
    )
    parser.add_argument("--branch", default="main", help="of the repository; main by default")
    parser.add_argument(
        "--hub", default="", metavar="URL", help="a JupyterHub with nbgitpuller: gives its button"
    )


def run(options: argparse.Namespace) -> int:
    """Write the course as a static site that opens from a folder, without a network."""
    from coursekit.machine.paths import folder_to_write

    target = folder_to_write("-o", options.folder)
    _need_tools()
    from coursekit.authoring.site import write
    from coursekit.authoring.site.launch import Launch

    launch = Launch(options.repository, options.hub, options.branch)
    site = write(target, launch, told=lambda said: print(f"site: {said}", file=sys.stderr))
    print(f"{site.front}: {site.pages} pages, {site.size / 1e6:.1f} MB")
    return 0


def _need_tools() -> None:
    missing = [name.replace("_", "-") for name in TOOLS if find_spec(name) is None]
    if missing:
        here = f"missing: {', '.join(missing)}; this is Python {platform.python_version()}"
        raise ValueError(
            f"the site is made by authors' tools, which want Python 3.11 or newer; {here}"
        )
