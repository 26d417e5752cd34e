"""A cell's parts as HTML: prose, code, printed text, pictures, pages."""

from __future__ import annotations

import functools
import html
import re
from typing import TYPE_CHECKING

from nbformat import NotebookNode

from coursekit.authoring.slides.maths import formula

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

__all__ = ["code", "outputs", "plain", "prose"]

DOCUMENT = re.compile(r"\s*<(!doctype html|html)\b", re.I)
# What `own` prints is for the learner at the keyboard.
WHOSE = re.compile(r"^(The course’s|Your) \w+ (from lesson \d+ )?goes on.*\n?", re.M)
EXPLORER = "coursekit-explorer"  # the key of its state in an output's metadata
PUNCTUATED = re.compile(r'(<span class="math inline">(?:(?!</span>).)*</span>)([,.;:?)]+)', re.S)
# What a page in a frame tells the deck: keys that belong to it, and how much room it takes.
PAGE_SCRIPT = """<style>body { margin: 0 !important; }</style><script>
addEventListener("keydown", ({key}) => {
  if (["PageDown", "PageUp", "Escape"].includes(key)) parent.postMessage({key}, "*");
});
const page = document.documentElement;
const size = () => ({asks: [page.scrollWidth, page.scrollHeight], has: [innerWidth, innerHeight]});
// A frame that is not shown is not drawn: this waits until it is.
const send = () => parent.postMessage(size(), "*");
const tell = () => requestAnimationFrame(() => setTimeout(send, 60));
addEventListener("load", tell);
addEventListener("resize", tell);
</script>"""


def prose(markdown: str) -> str:
    """Return Markdown as HTML, its formulas drawn."""
    text = PUNCTUATED.sub(r'<span class="together">\1\2</span>', _markdown().render(markdown))
    return f'<div class="block prose">{text}</div>'


def plain(markdown: str) -> str:
    """Return the text of a heading, without marks."""
    return re.sub(r"[*`$\\]", "", markdown)


def code(source: str) -> str:
    """Return Python as HTML, one element a line, which knows its indent for when it is wrapped."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    marked = highlight(source, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True))
    lines = [
        f'<span class="line" style="--indent:{len(text) - len(text.lstrip())}">{line or " "}</span>'
        for text, line in zip(source.splitlines(), marked.splitlines(), strict=True)
    ]
    return f'<pre class="block code"><code>{"".join(lines)}</code></pre>'


def outputs(cell: NotebookNode) -> list[str]:
    """Return the cell's outputs as HTML; a widget without a kernel is left out."""
    found = [o for o in cell.outputs if EXPLORER in o.get("metadata", {})]
    if found:
        return [_explorer(cell.outputs, found[0].metadata[EXPLORER])]
    made = [_output(output) for output in cell.outputs]
    return [block for block in made if block]


def _explorer(outputs: list[NotebookNode], state: dict[str, object]) -> str:
    """Return the explorer as a page of its own, alive; its picture is for those without scripts."""
    from coursekit.explorer.page import html_of

    pictures = [o for o in outputs if "image/png" in o.get("data", {})]
    png = pictures[0].data["image/png"] if pictures else ""
    alt = pictures[0].metadata.get("image/png", {}).get("alt", "") if pictures else ""
    return _html(html_of(state, "".join(png.split()), alt))


def _output(output: NotebookNode) -> str:
    if output.output_type == "stream":
        return _printed(WHOSE.sub("", output.text)) if output.name == "stdout" else ""
    data = output.get("data", {})
    if "text/html" in data:
        return _html(data["text/html"])
    if "image/png" in data:
        return _picture(data["image/png"], output.metadata.get("image/png", {}))
    if any("widget-view" in kind for kind in data):
        return ""
    return _printed(data.get("text/plain", ""))


def _printed(text: str) -> str:
    return f'<pre class="block output">{html.escape(text.rstrip())}</pre>' if text else ""


def _html(text: str) -> str:
    """Return a fragment as it is; a whole page in a frame of its own, where its scripts run."""
    if not DOCUMENT.match(text):
        return f'<div class="block html">{text}</div>'
    return (
        '<div class="block live"><iframe sandbox="allow-scripts" title="Explorer" '
        f'data-page="{html.escape(text + PAGE_SCRIPT)}"></iframe></div>'
    )


def _picture(png: str, metadata: dict[str, object]) -> str:
    size = "".join(
        f' {side}="{metadata[side]}"' for side in ("width", "height") if side in metadata
    )
    alt = html.escape(str(metadata.get("alt", "")))
    source = "data:image/png;base64," + "".join(png.split())
    return f'<figure class="block figure"><img{size} alt="{alt}" src="{source}"></figure>'


@functools.lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    def draw(latex: str, options: dict[str, bool]) -> str:
        return formula(latex, block=options["display_mode"])

    return MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, renderer=draw)
