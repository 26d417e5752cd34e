"""The explorer as one HTML file, which works from disk without kernel, server or network."""

from __future__ import annotations

import base64
import html as markup
import json
from collections.abc import Mapping
from pathlib import Path

from coursekit.explorer.module import module
from coursekit.machine.template import filled

__all__ = ["STATE", "alive", "html_of", "standing", "stored"]

HERE = Path(__file__).parent
STATE = (
    "image_data", "image_shape", "kernel_data", "kernel_shape", "bias_data", "stride", "padding",
    "dilation", "mode", "cursor", "hidden", "predict", "presets", "maker",
)  # fmt: skip


def stored(state: Mapping[str, object]) -> dict[str, object]:
    """Return what a notebook's output keeps of an explorer's state, for a page without a kernel.

    state: each of STATE by name; float32 bytes under *_data, and their shapes under *_shape.
    Bytes are written in the alphabet of base64 that has no slash, so that none looks like a path.
    """
    return {name: _plain(state[name]) for name in STATE}


def html_of(state: Mapping[str, object], png: str, description: str) -> str:
    """Return the text of the page: style, module, state, and a picture where scripts are off.

    state: what `stored` gave. png: the picture, in base64. description: what it shows, in words.
    """
    parts = {
        "STYLE": (HERE / "explorer.css").read_text(encoding="utf-8"),
        "MODULE": alive(),
        # no text in the state may end the script that holds it
        "STATE": json.dumps(standing(state)).replace("<", "\\u003c"),
        "PICTURE": png,
        "DESCRIPTION": markup.escape(description),
    }
    return filled(HERE / "page.html", parts)


def alive() -> str:
    """Return the explorer's module with `alone(el, state)`, which runs it without a kernel."""
    return module() + (HERE / "alone.js").read_text(encoding="utf-8")


def standing(state: Mapping[str, object]) -> dict[str, object]:
    """Return the state as `alone` reads it: bytes in base64 as browsers write it.

    state: what `stored` gave.
    """
    data = {name: _slashed(str(state[name])) for name in state if name.endswith("_data")}
    return {**state, **data}


def _plain(value: object) -> object:
    return base64.urlsafe_b64encode(value).decode() if isinstance(value, bytes) else value


def _slashed(text: str) -> str:
    return text.replace("-", "+").replace("_", "/")
