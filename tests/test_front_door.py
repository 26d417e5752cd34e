"""What a visitor reads first: README, CITATION, CHANGELOG, and the picture."""

import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from PIL import Image

import coursekit

ROOT = Path(__file__).parents[1]
# Of the schema of CFF 1.2.0: what must be there, and what may be.
CFF_REQUIRED = {"authors", "cff-version", "message", "title"}
CFF_ALLOWED = CFF_REQUIRED | {
    "abstract", "commit", "contact", "date-released", "doi", "identifiers", "keywords", "license",
    "license-url", "preferred-citation", "references", "repository", "repository-artifact",
    "repository-code", "type", "url", "version",
}  # fmt: skip
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_citation_is_valid():
    cited = yaml.safe_load(read("CITATION.cff"))
    assert set(cited) >= CFF_REQUIRED
    assert set(cited) <= CFF_ALLOWED
    assert cited["cff-version"] == "1.2.0"
    assert cited["type"] in ("software", "dataset")
    assert cited["version"] == coursekit.__version__
    assert cited["license"] == "Apache-2.0"
    assert all(isinstance(cited[name], str) for name in ("message", "title", "version", "abstract"))
    assert cited["authors"]
    for author in cited["authors"]:
        assert set(author) <= {"name", "family-names", "given-names", "orcid", "affiliation"}
        assert author.get("name") or author.get("family-names")
    assert len(set(cited["keywords"])) == len(cited["keywords"])


def test_the_changelog_is_in_house_style():
    changes = read("CHANGELOG.md")
    versions = re.findall(r"^## (.+)$", changes, re.M)
    assert versions[0] == "Unreleased" or versions[0].startswith(coursekit.__version__)
    for version in versions[1:]:
        number, day = re.fullmatch(r"(\d+\.\d+\.\d+) - (\d{4}-\d{2}-\d{2})", version).groups()
        assert number
        date.fromisoformat(day)
    assert set(re.findall(r"^### (.+)$", changes, re.M)) <= {"Added", "Changed", "Fixed"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_links_of_a_page_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+?)\)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target


def test_the_picture_is_sharp_light_and_described():
    path = ROOT / "docs" / "pictures" / "wrong-answer.png"
    assert path.stat().st_size < 150_000
    picture = Image.open(path).convert("L")
    assert picture.width > 1400  # shown at half of it
    assert sum(picture.histogram()[200:]) / (picture.width * picture.height) > 0.8
    alternative = re.search(r"!\[([^\]]+)\]\(docs/pictures/wrong-answer\.png\)", read("README.md"))
    assert "smallest input" in alternative[1]


def test_the_commands_of_the_readme_exist(capsys):
    from coursekit import cli

    with pytest.raises(SystemExit):
        cli.main(["--help"])
    there = set(re.findall(r"^    (\w+)\b", capsys.readouterr().out, re.M))
    told = set(re.findall(r"^    coursekit (\w+)", read("README.md"), re.M))
    assert told
    assert told <= there


def test_the_make_targets_of_the_pages_exist():
    there = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.M))
    for page in PAGES:
        told = re.findall(r"`make ([a-z-]+)`|^    make ([a-z-]+)", page.read_text("utf-8"), re.M)
        assert {one or other for one, other in told} <= there, page.name
