"""What is imported, what pyproject.toml asks for, and what environment.yml gives: they agree."""

import ast
import configparser
import json
import os
import re
import subprocess
import sys
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from coursekit import cli

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

pytestmark = pytest.mark.xdist_group("house")  # where each module is parsed once
ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
# Packages whose import has another name.
DISTRIBUTIONS = {
    "IPython": "ipython",
    "PIL": "pillow",
    "fontTools": "fonttools",
    "jupyter_client": "jupyter-client",
    "jupyter_core": "jupyter-core",
    "jupyter_server": "jupyter-server",
    "markdown_it": "markdown-it-py",
    "mdit_py_plugins": "mdit-py-plugins",
}


@cache
def imported(source, where):
    found = set()
    for node in ast.walk(ast.parse(source, where)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module)
    tops = {name.partition(".")[0] for name in found} - {"coursekit", "__future__"}
    return {DISTRIBUTIONS.get(top, top) for top in tops - set(sys.stdlib_module_names)}


def of_files(*patterns):
    found = {}
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            text = path.read_text(encoding="utf-8")
            if path.suffix == ".ipynb":
                cells = [c for c in json.loads(text)["cells"] if c["cell_type"] == "code"]
                text = "\n".join("".join(cell["source"]) for cell in cells)
            for name in imported(text, str(path)):
                found.setdefault(name, path.name)
    assert found, f"no import in {patterns}"
    return found


def names(requirements):
    return {Requirement(line).name for line in requirements}


def group(name):
    lines = [line for line in PROJECT["dependency-groups"][name] if isinstance(line, str)]
    included = [
        line["include-group"]
        for line in PROJECT["dependency-groups"][name]
        if isinstance(line, dict)
    ]
    return names(lines).union(*map(group, included))


def pip_part():
    [part] = [part["pip"] for part in CONDA["dependencies"] if isinstance(part, dict)]
    return [line for line in part if not line.startswith("-e ")]


# Rooms and commands of authors and instructors: they import tools that a learner does without.
TOOLS = (
    "authoring/**/*", "classroom/**/*",
    *(f"cli/{name}" for name in ("build", "run", "export", "slides", "site", "grade", "class_")),
)  # fmt: skip


def of_tools():
    return of_files(*(f"coursekit/{place}.py" for place in TOOLS))


def learners():
    """What a learner's Python imports: all but the tools of authors and instructors."""
    tools = {path for place in TOOLS for path in ROOT.glob(f"coursekit/{place}.py")}
    others = [str(p.relative_to(ROOT)) for p in ROOT.glob("coursekit/**/*.py") if p not in tools]
    return of_files("lessons/*.py", "notebooks/*.ipynb", *others)


def test_what_is_imported_is_asked_for_in_pyproject():
    asked = names(PROJECT["project"]["dependencies"]) | group("book")
    missing = {name: where for name, where in learners().items() if name not in asked}
    assert not missing, "imported, and not among the dependencies of pyproject.toml"


def test_the_authors_tools_are_asked_for_in_pyproject():
    asked = names(PROJECT["project"]["dependencies"]) | group("dev")
    assert not {name: where for name, where in of_tools().items() if name not in asked}


def test_what_is_imported_is_in_the_conda_environment():
    missing = {name: where for name, where in learners().items() if name not in names(pip_part())}
    assert not missing, "imported, and not in environment.yml"


def test_the_conda_environment_gives_all_that_pyproject_asks_for():
    assert names(PROJECT["project"]["dependencies"]) <= names(pip_part())


def test_the_conda_environment_has_the_books_own_pins():
    """Read from d2l itself, as it is installed here."""
    pins = {r.name: str(r.specifier) for r in map(Requirement, pip_part()) if r.specifier}
    book = {r.name: str(r.specifier) for r in map(Requirement, metadata.requires("d2l"))}
    assert pins.pop("d2l") == f"=={metadata.version('d2l')}"
    assert pins == {name: pin for name, pin in book.items() if name in pins}
    assert set(pins) == {"numpy", "matplotlib", "pandas", "scipy"}
    assert f"d2l=={metadata.version('d2l')}" in PROJECT["dependency-groups"]["book"]


def test_the_conda_environment_has_the_python_that_the_books_pins_install_on():
    assert "python=3.11" in CONDA["dependencies"]
    assert CONDA["name"] == "coursekit"
    assert CONDA["channels"] == ["conda-forge"]
    assert "-e ." in next(part["pip"] for part in CONDA["dependencies"] if isinstance(part, dict))


def test_torch_is_current_everywhere():
    assert {"torch", "torchvision"} <= names(pip_part())
    assert not [line for line in pip_part() if re.match(r"torch(vision)?\W", line)]


@pytest.mark.parametrize("line", ["import nowhere", "from nowhere.deep import thing"])
def test_an_import_that_is_not_asked_for_is_seen(line):
    assert imported(f"def f():\n    {line}\n", "made up") == {"nowhere"}
    assert imported("import os, coursekit.ops\nfrom . import x\nfrom PIL import Image", "") == {
        "pillow"
    }


@pytest.mark.parametrize("version", ["3.10", "3.11", "3.12", "3.13", "3.14"])
def test_every_python_gets_one_version_of_what_is_asked_for(version):
    pins = list(map(Requirement, PROJECT["tool"]["uv"]["constraint-dependencies"]))
    python = {"python_version": version, "python_full_version": f"{version}.5"}
    groups = PROJECT["dependency-groups"].values()
    lines = [line for lines in groups for line in lines if isinstance(line, str)]
    for asked in map(Requirement, [*PROJECT["project"]["dependencies"], *lines]):
        if asked.marker is None or asked.marker.evaluate(python):
            fit = [p for p in pins if p.name == asked.name]
            fit = [p for p in fit if p.marker is None or p.marker.evaluate(python)]
            assert [str(p.specifier)[:2] for p in fit] == ["=="], f"{asked.name}: {fit}"


def test_the_site_names_the_tools_that_are_missing(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("coursekit.cli.site.find_spec", lambda name: None if name == "furo" else 1)
    assert cli.main(["site", "-o", str(tmp_path / "site")]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert "want Python 3.11 or newer; missing: furo; this is Python 3." in line
    assert not any(tmp_path.iterdir())


def test_the_unit_in_torchinfos_table_is_compared_alike_on_every_python():
    config = configparser.RawConfigParser()
    config.read(ROOT / "tests" / "sanitize.cfg")

    def compared(line):
        return re.sub(config["unit"]["regex"], config["unit"]["replace"], line)

    stored = "Total mult-adds (Units.MEGABYTES): 8.78"
    assert compared("Total mult-adds (M): 8.78") == compared(stored)
    for other in (stored.replace("MEGA", "GIGA"), stored.replace("8.78", "8.79")):
        assert compared(other) != compared(stored)


def told_make(*settings, **environment):
    """What make says that it would do; `tests/test_setup.py` has it done."""
    command = ["make", "--dry-run", "--always-make", "setup", "UV=/bin/true", *settings]
    # What a make that runs these tests says to those below it is not said by a learner's shell.
    makes = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "TORCH")
    inherited = {name: value for name, value in os.environ.items() if name not in makes}
    everything = {**inherited, **environment}
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=everything)


def test_torch_for_the_cpu_is_asked_of_uv_and_nothing_changes_without():
    lean, whole = told_make("TORCH=cpu").stdout, told_make("TORCH=").stdout
    assert "--torch-backend=cpu" in lean
    assert "true sync --quiet" not in lean
    assert lean == told_make(TORCH="cpu").stdout
    assert "true sync --quiet --no-progress" in whole
    assert "torch-backend" not in whole


@pytest.mark.parametrize("value", ["gpu", "CPU", "cpu cpu", "cu132", "1"])
def test_another_torch_is_refused_in_one_line(value):
    for told in (told_make(f"TORCH={value}"), told_make(TORCH=value)):
        assert told.returncode == 2
        assert not told.stdout
        [line] = told.stderr.splitlines()
        assert f"TORCH is '{value}'; expected cpu" in line


def test_the_package_has_a_name_of_its_own_and_its_summary_tells_it_from_another():
    from coursekit.desk import doctor

    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'name = "coursekit-cnn"' in project
    assert f'description = "{doctor.OURS}"' in project
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    assert not [
        page for page in pages if "pip install coursekit\n" in page.read_text(encoding="utf-8")
    ]
