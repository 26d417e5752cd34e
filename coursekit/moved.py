"""Former names of modules: a learner's own cell and a course exported earlier still find them.

Only names that lessons imported or exported files mention are here; new code takes the new ones.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType

__all__ = ["MOVED", "Forwarder"]

MOVED = {
    "coursekit.drawings": "coursekit.examples.drawings",
    "coursekit.points": "coursekit.examples.points",
    "coursekit.volumes": "coursekit.examples.three_channels",
    "coursekit.invariance": "coursekit.examples.face_detector",
    "coursekit.widgets": "coursekit.explorer.sliders",
    "coursekit.photographs": "coursekit.data.garment",
    "coursekit.recipes": "coursekit.training.recipes",
    "coursekit.grad_cam": "coursekit.transfer.grad_cam",
    "coursekit.paths": "coursekit.machine.paths",
    "coursekit.authoring.grading.execute": "coursekit.classroom.execute",
    "coursekit.authoring.grading.restore": "coursekit.classroom.restore",
}
FOLDERS = {"coursekit.authoring.grading": "coursekit.classroom"}  # on the way to the last two


class Forwarder:
    """Finds the modules of MOVED under their former names, before files are looked for."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return how a former name is loaded, or None for any other name."""
        if fullname in MOVED or fullname in FOLDERS:
            return ModuleSpec(fullname, self, is_package=fullname in FOLDERS)
        return None

    def create_module(self, spec: ModuleSpec) -> None:
        """Leave it to Python to make an empty one."""

    def exec_module(self, module: ModuleType) -> None:
        """Put the module itself in the place of the empty one that was made for its old name."""
        name = module.__name__
        sys.modules[name] = import_module((MOVED | FOLDERS)[name])
