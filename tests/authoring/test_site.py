"""The parts of the site that need no browser: addresses, links, folds, pictures that stand still."""

import base64
import html
import io
import json
import re

import nbformat
import pytest
from PIL import Image

from coursekit.authoring.lesson import AuthoringError
from coursekit.authoring.site import excerpts, mending, questions
from coursekit.authoring.site import lesson_page as pages
from coursekit.authoring.site.documents import write_documents
from coursekit.authoring.site.launch import Launch
from coursekit.authoring.site.links import broken_links
from coursekit.authoring.site.markup import data, raw
from coursekit.authoring.site.outputs import outputs
from coursekit.authoring.site.pictures import Shelf
from coursekit.authoring.site.writing import MARK, write
from coursekit.exercises import registry
from coursekit.exercises.calls import REVEAL
from coursekit.exercises.guessing import told
from coursekit.exercises.warming import first_met
from coursekit.machine.paths import course_folder

LESSON = "notebooks/02_convolution_by_hand.ipynb"


@pytest.fixture(scope="module")
def notebook():
    return nbformat.read(course_folder("notebooks") / "02_convolution_by_hand.ipynb", as_version=4)


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "pictures", "../_static/pictures")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    return Shelf(tmp_path_factory.mktemp("pictures"), "../_static/pictures")


@pytest.fixture(scope="module")
def page(notebook, pictures):
    wrong = {f"2.{n}": f"<p>outcome of 2.{n}</p>" for n in range(1, 10)}
    return pages.lesson_page(notebook, pictures, wrong, "<p>head</p>")


def between(text, start, end):
    return text.partition(start)[2].partition(end)[0]


def test_what_answers_a_guess_and_its_reading_wait_in_the_fold(page):
    after = page.partition('data-guess="2.crossing"')[2]
    fold, _, rest = after.partition("</details>")
    assert 'class="waits"' in fold
    assert 'reveal("2.crossing")' in fold
    assert "match-maps" in fold
    assert "can tell letters from a plus" in fold
    assert rest.lstrip("`\n ").startswith("## Why not connect every pixel")


def revealing():
    for path in sorted(course_folder("notebooks").glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if found := REVEAL.match(cell.source):
                yield found[1], cell


def test_the_answer_to_a_guess_is_one_sentence_that_may_break(shelf):
    for id, cell in revealing():
        shown = outputs(cell, "cell", shelf)
        said = between(shown, '<p class="answer">', "</p>")
        assert html.unescape(said).replace("\n", " ") == told(registry.guess(id), None)
        assert '<pre class="printed">The answer' not in shown


def test_every_guess_of_the_lesson_has_a_form_and_no_call_is_left(notebook, page):
    asked = {m[1] for cell in notebook.cells if (m := pages.GUESS.search(cell.source))}
    assert asked == {m for m in re.findall(r'data-guess="([\w.-]+)"', page) if m in asked}
    assert "guess(" not in page.replace("reveal(", "")


def test_folds_open_and_close_in_pairs(page):
    assert page.count("<details") == page.count("</details>") > 20
    opened = 0
    for mark in re.findall(r"<details class=\"waits\"|^</details>$|^## ", page, re.M):
        assert not (mark == "## " and opened), "a heading inside a fold"
        opened += {"## ": 0, "</details>": -1}.get(mark, 1)


def test_an_exercise_shows_what_a_wrong_answer_meets_and_its_hints(page):
    part = between(page, 'check("2.2", corr2d)', "## ")
    assert "See what a wrong answer meets: a flipped kernel</summary><p>outcome of 2.2</p>" in part
    assert "Hint 1 of 3" in part
    assert "not attempted yet" not in page


def test_an_exercise_with_a_value_is_answered_in_the_page(page):
    form = between(page, 'data-guess="2.1"', "</form>")
    assert "2 numbers" in form
    assert "correct" in form
    assert "<strong>n − k without the + 1" not in form.partition("<script")[0]


def test_explorers_share_one_module_and_each_has_its_state(page):
    assert page.count('<script type="module">') == 1
    assert page.count("data-explorer>") == 4
    assert page.count('"image_data"') >= 4


def test_every_picture_has_its_sentence_and_a_file(page, pictures):
    images = re.findall(r'<img src="\.\./_static/pictures/([^"]+)" alt="([^"]*)"', page)
    assert len(images) >= 20
    for name, alt in images:
        assert len(alt) > 20, name
        assert (pictures.folder / name).is_file()


def moving():
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    stream = io.BytesIO()
    frames[0].save(stream, format="png", save_all=True, append_images=frames[1:], duration=100)
    return base64.b64encode(stream.getvalue()).decode()


def test_what_moves_has_its_last_frame_for_those_who_want_no_motion(shelf):
    made = shelf.figure("m", moving(), {"alt": "a & b"})
    assert (
        '<source media="(prefers-reduced-motion: reduce)" srcset="../_static/pictures/m-still.png">'
        in made
    )
    assert 'alt="a &amp; b"' in made
    with Image.open(shelf.folder / "m-still.png") as still:
        assert getattr(still, "n_frames", 1) == 1
        assert still.convert("RGB").getpixel((0, 0)) == (0, 0, 255)


def test_the_warm_up_is_the_one_that_the_notebook_prints(notebook):
    printed = next(c.outputs[0].data["text/plain"] for c in notebook.cells if c.id == "warm-up")
    for question in first_met(2):
        assert " ".join(question.asks.split()) in " ".join(printed.split())


def test_data_in_a_page_cannot_end_the_script_that_holds_it():
    assert "</script>" not in data("</script><b>").removesuffix("</script>")


def test_html_with_a_fence_in_it_stays_one_block():
    assert raw("a\n```\nb").startswith("````{raw} html\n")


@pytest.fixture
def site(tmp_path):
    folder = tmp_path / "site"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "other.html").write_text('<h2 id="place">', encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("markup", "why"),
    [
        ('<a href="sub/gone.html">', "is not there"),
        ('<a href="sub/other.html#gone">', "a place that the page does not have"),
        ('<a href="#gone">', "a place that the page does not have"),
        ('<img src="gone.png">', "is not there"),
        ('<source srcset="gone.png">', "is not there"),
        ('<a href="../outside.html">', "outside the site"),
        ('<a href="https://exa mple.org">', "no address of the web"),
        ('<a href="htps://example.org">', "no address of the web"),
        ('<a href="mailto:nobody">', "no address for mail"),
    ],
)
def test_a_link_that_leads_nowhere_is_named(site, markup, why):
    (site / "index.html").write_text(f'<a href="sub/other.html#place">{markup}', encoding="utf-8")
    (found,) = broken_links(site)
    assert found.startswith("index.html: ")
    assert why in found


def test_links_that_lead_somewhere_are_passed_over(site):
    links = [
        "sub/other.html#place",
        "#",
        "sub/other.html?q=1",
        "https://example.org/a#b",
        "data:,x",
    ]
    text = "".join(f'<a href="{link}">' for link in links)
    (site / "index.html").write_text(text, encoding="utf-8")
    assert broken_links(site) == []


def test_without_an_address_there_are_no_buttons():
    assert Launch().of(LESSON) == {}
    assert Launch().file("LICENSE") == ""


def test_a_repository_on_github_opens_in_binder_and_colab():
    made = Launch("https://github.com/owner/course.git", branch="2026").of(LESSON)
    assert made == {
        "Binder": "https://mybinder.org/v2/gh/owner/course/2026?urlpath=lab%2Ftree%2F"
        + LESSON.replace("/", "%2F"),
        "Colab": f"https://colab.research.google.com/github/owner/course/blob/2026/{LESSON}",
    }


def test_another_repository_opens_in_binder_and_a_hub_pulls_it():
    made = Launch("https://git.example.org/team/course/", "https://hub.example.org/").of(LESSON)
    assert list(made) == ["Binder", "JupyterHub"]
    assert "/git/https%3A%2F%2Fgit.example.org%2Fteam%2Fcourse/main" in made["Binder"]
    assert made["JupyterHub"].startswith(
        "https://hub.example.org/hub/user-redirect/git-pull?repo=https%3A%2F%2Fgit.example.org"
    )
    assert made["JupyterHub"].endswith(f"course%2F{LESSON.replace('/', '%2F')}")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"repository": "owner/name"}, "repository is 'owner/name'"),
        ({"repository": "https://github.com"}, "expected a path"),
        ({"hub": "https://hub.example.org"}, "without a repository"),
        ({"repository": "https://github.com/a/b", "hub": "hub"}, "hub is 'hub'"),
    ],
)
def test_an_address_that_is_none_is_refused(given, said):
    with pytest.raises(ValueError, match=said):
        Launch(**given)


def test_links_of_documents_lead_to_pages_or_to_where_the_course_is_kept(tmp_path):
    root, source = tmp_path / "root", tmp_path / "source"
    (root / "docs").mkdir(parents=True)
    (root / "LICENSE").touch()
    (root / "docs" / "new.md").write_text("# New", encoding="utf-8")
    text = "[a](docs/new.md#x) [b](LICENSE) [c](notebooks/01.ipynb) [d](https://e.org) [e](gone.md)"
    (root / "README.md").write_text(text, encoding="utf-8")
    lessons = {"notebooks/01.ipynb": "lessons/01"}
    assert write_documents(root, source, lessons, Launch()) == ["about", "docs/new"]
    led = "[a](/docs/new.md#x) b [c](/lessons/01.md) [d](https://e.org) [e](gone.md)"
    assert (source / "about.md").read_text(encoding="utf-8") == led
    write_documents(root, source, lessons, Launch("https://git.example.org/o/n"))
    kept = "[b](https://git.example.org/o/n/blob/main/LICENSE)"
    assert kept in (source / "about.md").read_text(encoding="utf-8")


def test_a_page_of_another_theme_is_refused(tmp_path):
    (tmp_path / "index.html").write_text("<p>", encoding="utf-8")
    with pytest.raises(AuthoringError, match="expected pages as furo makes them"):
        mending.mend(tmp_path)


def test_a_folder_with_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(ValueError, match="holds something else"):
        write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]
    assert not (tmp_path / MARK).exists()


def test_every_guess_can_be_asked_in_a_page():
    for guess in registry.guesses().values():
        known = questions.knowledge(guess)
        assert known["kind"] in ("letter", "number", "numbers")
        assert guess.id in questions.guessed(guess)


def test_a_search_finds_words_by_section_and_no_answer_that_is_folded(tmp_path):
    page = """<nav>elsewhere</nav><article role="main" id="furo-main-content">
    <section id="one"><h1>One<a class="headerlink" href="#one">#</a></h1><p>Slide the <b>win</b>dow.</p><p>It stops.</p>
    <section id="two"><h2>Two <code>x</code></h2><img src="a.png" alt="b"><pre>x = <span>1</span></pre>
    <details><summary>Hint</summary><p>42</p><details>43</details></details>
    <form><input><button>Answer</button></form><script>44</script><p>Over.</p></section></section>
    </article><footer>end</footer>"""
    one, two = excerpts.sections(page)
    assert (one.id, one.place, one.text) == ("one", ("One",), "Slide the window. It stops.")
    assert (two.id, two.place, two.text) == ("two", ("One", "Two x"), "x = 1 Over.")
    (tmp_path / "_static").mkdir()
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    (tmp_path / "bare.html").write_text("<p>no article</p>", encoding="utf-8")
    excerpts.write_excerpts(tmp_path)
    written = (tmp_path / "_static" / "excerpts.js").read_text(encoding="utf-8")
    kept = json.loads(written.removeprefix("const EXCERPTS = ").removesuffix(";\n"))
    assert kept == {"page.html": [["one", "One", one.text], ["two", "One › Two x", two.text]]}
