"""A cell's parts as HTML: prose, code, printed text, pictures, pages."""

from __future__ import annotations

import functools
import html
import re
from typing import TYPE_CHECKING

from nbformat import NotebookNode

from coursekit.authoring.slides import pictures
from coursekit.authoring.slides.maths import formula

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

__all__ = ["code", "outputs", "plain", "prose"]

DOCUMENT = re.compile(r"\s*<(!doctype html|html)\b", re.I)
# What `own` prints is for the learner at the keyboard.
WHOSE = re.compile(r"^(The course’s|Your) \w+ (from lesson \d+ )?goes on.*\n?", re.M)
ANSWER = re.compile(
    r"The answer: (?:.*[^.\n]\n)*.*\.(?:\n|$)"
)  # in one line or more, to its full stop
EXPLORER = "coursekit-explorer"  # the key of its state in an output's metadata
PUNCTUATED = re.compile(r'(<span class="math inline">(?:(?!</span>).)*</span>)([,.;:?)]+)', re.S)
# What a page in a frame does for the deck: a clicker's keys belong to the slides wherever the focus
# is, and grids are drawn smaller until all fits.
PAGE_SCRIPT = """<style>
html, body { margin: 0 !important; padding: 0 !important; }
html, body { background: #fff !important; overflow: hidden; }
.ck { max-width: none !important; } .ck details { display: none; }
.ck-broad { display: grid !important; gap: 6px 22px !important;
  grid-template: "input output" auto "lens output" auto / auto auto; }
.ck-broad .ck-lens, .ck-broad [data-grid="input"] { display: grid !important; gap: 10px !important;
  grid-auto-columns: 1fr; grid-auto-flow: column; padding: 0 !important; }
.ck-broad .ck-lens { grid-area: lens; justify-self: start; }
.ck-broad [data-grid="input"] { grid-area: input; }
.ck-broad [data-grid="output"] { grid-area: output; }
</style><script>
addEventListener("keydown", (event) => {
  const {key} = event, clicks = ["PageDown", "PageUp"].includes(key);
  if (!clicks && key !== "Escape") return;
  parent.postMessage({key}, "*");
  if (clicks) { event.stopImmediatePropagation(); event.preventDefault(); }
}, true);
const page = document.documentElement;
let tall = 600, tries = 0, due = 0;
const tell = (fits) => parent.postMessage({fits, wide: innerWidth}, "*");
// Grids lower than the lens make nothing lower. A high lens lays its channels side by side, each
// below the input that it belongs to.
function suit() {
  const over = page.scrollHeight - innerHeight, wide = page.scrollWidth - innerWidth;
  const lens = document.querySelector(".ck-lens"), board = lens?.parentElement;
  const fits = over <= 1 && wide <= 1;
  if (fits || !lens) { tell(fits); return; }
  if (lens.offsetHeight > .62 * innerHeight && lens.children.length > 1)
    board.classList.add("ck-broad");
  const broad = board.classList.contains("ck-broad");
  const heights = [...lens.children].map((block) => block.offsetHeight);
  const least = broad ? 40 : Math.max(...heights) - 20;
  if (tall <= least || ++tries > 20) { tell(fits); return; }
  tall = Math.max(least, tall - Math.max(12, Math.min(over, tall / 3)));
  page.style.setProperty("--ck-tall", tall + "px");
  dispatchEvent(new Event("ck-room"));
  later();
}
// A frame that is not shown is not drawn: this waits until it is. The last call alone counts.
const later = () => {
  const turn = ++due;
  requestAnimationFrame(() => setTimeout(() => turn === due && suit(), 30));
};
page.style.setProperty("--ck-tall", tall + "px");
addEventListener("resize", () => { tries = 0; later(); });
addEventListener("load", later);
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
    return [block for output in cell.outputs for block in _output(output) if block]


def _explorer(outputs: list[NotebookNode], state: dict[str, object]) -> str:
    """Return the explorer as a page of its own, alive; its picture is for those without scripts."""
    from coursekit.explorer.page import html_of

    pictures = [o for o in outputs if "image/png" in o.get("data", {})]
    png = pictures[0].data["image/png"] if pictures else ""
    alt = pictures[0].metadata.get("image/png", {}).get("alt", "") if pictures else ""
    return _html(html_of(state, "", alt), png="".join(png.split()), alt=alt)


def _output(output: NotebookNode) -> list[str]:
    if output.output_type == "stream":
        return _streamed(WHOSE.sub("", output.text)) if output.name == "stdout" else []
    data = output.get("data", {})
    if "text/html" in data:
        return [_html(data["text/html"])]
    if "image/png" in data:
        return pictures.blocks(data["image/png"], output.metadata.get("image/png", {}))
    if any("widget-view" in kind for kind in data):
        return []
    return [_printed(data.get("text/plain", ""))]


def _streamed(text: str) -> list[str]:
    """Return printed text; the answer to a guess is a sentence, and stands as one."""
    answer = ANSWER.match(text)
    said = (
        [f'<div class="block prose answer"><p>{html.escape(answer[0].strip())}</p></div>']
        if answer
        else []
    )
    return [*said, _printed(ANSWER.sub("", text, count=1))]


def _printed(text: str) -> str:
    return f'<pre class="block output">{html.escape(text.rstrip())}</pre>' if text else ""


def _html(text: str, *, png: str = "", alt: str = "") -> str:
    """Return a fragment as it is; a whole page in a frame of its own, where its scripts run.

    png: in base64, what stands in its place on paper. alt: that picture in words.
    """
    if not DOCUMENT.match(text):
        return f'<div class="block html">{text}</div>'
    paper = f'<img class="paper" alt="{html.escape(alt)}" src="data:image/png;base64,{png}">'
    return (
        '<div class="block live"><iframe sandbox="allow-scripts" title="Explorer" '
        f'data-page="{html.escape(text + PAGE_SCRIPT)}"></iframe>{paper if png else ""}</div>'
    )


@functools.lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    def draw(latex: str, options: dict[str, bool]) -> str:
        return formula(latex, block=options["display_mode"])

    return MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, renderer=draw)
