"""The results of studies: measured by a command, kept in `data/results/` as small JSON files."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from statistics import mean, stdev
from typing import Any, TypeVar

import torch
from tqdm.auto import tqdm

from coursekit.machine.console import watched
from coursekit.machine.files import write_text
from coursekit.machine.paths import course_folder

__all__ = ["load", "mean_and_spread", "measured_on", "names", "run", "save", "steps"]

Step = TypeVar("Step")

Results = dict[str, Any]


def names() -> list[str]:
    """Return the names of the studies that can be run, in order: modules here with a `measure`."""
    found = [module.name for module in iter_modules([str(Path(__file__).parent)])]
    return sorted(name for name in found if hasattr(_study(name), "measure"))


def run(name: str, *, seeds: Sequence[int] | None = None) -> Results:
    """Return what a study measures, with where and with what it was measured.

    Raises ValueError for a name that no study has.
    """
    if name not in names():
        raise ValueError(f"study is {name!r}; expected one of {', '.join(names())}")
    study = _study(name)
    seeds = list(study.SEEDS if seeds is None else seeds)
    began = time.perf_counter()
    measured = study.measure(seeds)
    minutes = round((time.perf_counter() - began) / 60, 1)
    return {"study": name, "seeds": seeds, "minutes": minutes, "machine": _machine(), **measured}


def save(results: Results, folder: Path | None = None) -> Path:
    """Return the file that the results were written to: NAME.json, or NAME-standin.json.

    What was measured on a stand-in never takes the place of what was measured on real data.
    """
    folder = folder or course_folder("data") / "results"
    suffix = "-standin" if results.get("stand_in") else ""
    file = folder / f"{results['study']}{suffix}.json"
    write_text(file, json.dumps(_rounded(results), indent=1) + "\n")
    return file


def steps(all_steps: Iterable[Step], study: str) -> Iterator[Step]:
    """Yield the steps of a study, with a progress bar, unless CI is set."""
    yield from tqdm(list(all_steps), desc=study, disable=not watched())


def load(name: str) -> Results:
    """Return the results of a study that ship with the course: what `save` wrote.

    Raises ValueError where there are none.
    """
    file = course_folder("data") / "results" / f"{name}.json"
    if not file.is_file():
        there = sorted(found.stem for found in file.parent.glob("*.json"))
        raise ValueError(f"name is {name!r}; expected one of {', '.join(there)}")
    return json.loads(file.read_text(encoding="utf-8"))


def mean_and_spread(values: Sequence[float]) -> tuple[float, float]:
    """Return the mean and the standard deviation of a sample; of one value, a deviation of 0.

    >>> mean_and_spread([1.0, 2.0, 3.0])
    (2.0, 1.0)
    """
    return mean(values), stdev(values) if len(values) > 1 else 0.0


def measured_on(results: Results) -> str:
    """Return with how many threads, which torch and which seeds a study was measured.

    >>> measured_on({"machine": {"threads": 1, "torch": "2.15.0+cpu"}, "seeds": [0, 1, 2]})
    'on one thread, torch 2.15.0, seeds 0, 1, 2'
    >>> measured_on({"machine": {"threads": 2, "torch": "2.15.0"}, "seeds": [7]})
    'on 2 threads, torch 2.15.0, seeds 7'
    """
    machine = results["machine"]
    threads = "one thread" if machine["threads"] == 1 else f"{machine['threads']} threads"
    seeds = ", ".join(map(str, results["seeds"]))
    return f"on {threads}, torch {machine['torch'].partition('+')[0]}, seeds {seeds}"


def _study(name: str) -> Any:
    return import_module(f"coursekit.studies.{name}")


def _machine() -> dict[str, Any]:
    return {
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "processor": platform.machine(),
        "python": platform.python_version(),
        "torch": torch.__version__,
    }


def _rounded(value: Any) -> Any:
    """Return the value with four significant digits: more is noise, and twice the file."""
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    return [_rounded(part) for part in value] if isinstance(value, list | tuple) else value
