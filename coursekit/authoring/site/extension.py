"""What Sphinx is told: how the site looks, what reads its sources, what stands in its head."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

from coursekit import __version__, explorer
from coursekit.authoring.site import formulas, reference

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["CONFIGURATION", "setup"]

STATIC = Path(__file__).parent / "static"
EXPLORER = Path(explorer.__file__).parent / "explorer.css"
LIGHT = {
    "color-brand-primary": "#542788",
    "color-brand-content": "#0a5c9e",
    "color-brand-visited": "#6b3fa0",
    "color-foreground-muted": "#5c6066",
    "color-sidebar-caption-text": "#5c6066",
    "color-toc-title-text": "#5c6066",
    "ck-ink": "#222222",
    "ck-paper": "#ffffff",
}
DARK = {
    "color-brand-primary": "#cbb5f0",
    "color-brand-content": "#7cc4ff",
    "color-brand-visited": "#c9a8ff",
    "color-foreground-muted": "#a5abb3",
    "color-sidebar-caption-text": "#a5abb3",
    "color-toc-title-text": "#a5abb3",
    "ck-ink": "#eeeeee",
    "ck-paper": "#1c1c1c",
}
CONFIGURATION: dict[str, Any] = {
    "project": "coursekit",
    "language": "en",
    "extensions": ["myst_parser", "sphinx.ext.autodoc", "coursekit.authoring.site.extension"],
    "myst_enable_extensions": ["dollarmath"],
    "myst_heading_anchors": 4,
    "suppress_warnings": ["myst.header"],  # an exercise's heading is small wherever it stands
    "default_role": "code",
    "add_module_names": False,
    "autodoc_typehints": "none",  # the docstrings say kinds and shapes
    "autodoc_member_order": "bysource",
    "html_theme": "furo",
    "html_title": "coursekit",
    "html_static_path": [str(STATIC), str(EXPLORER)],
    "html_css_files": ["explorer.css", "site.css"],
    "html_js_files": [("site.js", {"defer": "defer"})],
    "html_math_renderer": "outlines",
    "html_theme_options": {
        "light_css_variables": LIGHT,
        "dark_css_variables": DARK,
        "top_of_page_buttons": [],
    },
    "html_copy_source": False,
    "html_show_sourcelink": False,
    "html_show_copyright": False,
    # a page on a disk may not read another one, from which Sphinx makes them; `search.js` does it
    "html_show_search_summary": False,
    "html_permalinks_icon": "#",
}


def setup(app: Sphinx) -> dict[str, object]:
    """Register what the site needs beyond Sphinx's own extensions."""
    formulas.register(app)
    reference.register(app)
    app.connect("doctree-read", _without_empty_heads)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}


def _without_empty_heads(app: object, tree: nodes.document) -> None:
    """Take out heads of tables in which nothing stands: Markdown has no tables without a head."""
    for head in list(tree.findall(nodes.thead)):
        if not head.astext().strip():
            head.parent.remove(head)
