"""Pictures of notebooks as files of the site, and what stands still in place of those that move."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from coursekit.authoring.site.markup import escaped

__all__ = ["Shelf"]

COLOURS = 256


@dataclass
class Shelf:
    """Collects pictures in a folder, under addresses that a page may use.

    address: what leads from the page to the folder, such as "../_static/pictures".
    """

    folder: Path
    address: str
    kept: dict[str, Path] = field(default_factory=dict)

    def keep(self, name: str, png: bytes) -> str:
        """Write the picture, and return its address."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{name}.png"
        path.write_bytes(png)
        self.kept[name] = path
        return f"{self.address}/{name}.png"

    def figure(self, name: str, encoded: str, metadata: Mapping[str, object]) -> str:
        """Return a picture of a notebook as HTML, with its sentence as alternative text.

        encoded: a PNG in base64. metadata: alt, width and height, as far as they are known. One
        that moves can be stopped, and stands still from the start where motion is unwelcome.
        """
        png = base64.b64decode(encoded)
        image = self.image(name, png, metadata)
        still = _last_frame(png)
        if still is None:
            return f'<figure class="picture"><div class="scroller">{image}</div></figure>'
        quiet = self.keep(f"{name}-still", still)
        source = f'<source media="(prefers-reduced-motion: reduce)" srcset="{quiet}">'
        return (
            f'<figure class="picture moving"><div class="scroller"><picture>{source}{image}'
            f'</picture></div><button type="button" data-still="{quiet}">Stop the motion</button>'
            "</figure>"
        )

    def image(self, name: str, png: bytes, metadata: Mapping[str, object]) -> str:
        """Return the picture as an element, its file kept."""
        size = "".join(
            f' {side}="{metadata[side]}"' for side in ("width", "height") if side in metadata
        )
        alt = escaped(str(metadata.get("alt", "")))
        return f'<img src="{self.keep(name, png)}" alt="{alt}"{size}>'


def _last_frame(png: bytes) -> bytes | None:
    """Return the last frame of an animated picture as a PNG, or None where it does not move."""
    with Image.open(io.BytesIO(png)) as picture:
        frames = getattr(picture, "n_frames", 1)
        if frames == 1:
            return None
        picture.seek(frames - 1)
        still = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    stream = io.BytesIO()
    still.save(stream, format="png", optimize=True)
    return stream.getvalue()
