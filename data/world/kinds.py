"""Which kinds there are: the source task's and the target task's."""

from collections.abc import Callable
from types import ModuleType

from . import (
    animals,
    buildings,
    desk,
    dressing,
    household,
    kitchen,
    plants,
    sky,
    target_nature,
    target_objects,
    vehicles,
    water,
)
from .pen import Pen

Draw = Callable[[Pen], None]


def _of(*modules: ModuleType) -> dict[str, Draw]:
    """Return kinds by name: the functions that these modules define, in order."""
    return {
        name.replace("_", " "): draw
        for module in modules
        for name, draw in vars(module).items()
        if callable(draw) and getattr(draw, "__module__", "") == module.__name__
    }


SOURCE = _of(
    water,
    animals,
    plants,
    kitchen,
    buildings,
    vehicles,
    household,
    desk,
    sky,
    dressing,
)
TARGET = dict(sorted(_of(target_nature, target_objects).items()))
