"""The rooms of docs/house.md, and the direction in which imports run between them."""

import ast
import re
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("house")  # where each module is parsed once
ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "house.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d+) \| `(\w+)` \|", re.MULTILINE)
HOUSE, ENGINE = (
    {room: int(floor) for floor, room in ROW.findall(part)}
    for part in PAGE.split("Inside `exercises`")
)


def modules():
    """Return the module's dotted name -> its file."""
    files = sorted((ROOT / "coursekit").rglob("*.py"))
    parts = (file.relative_to(ROOT).with_suffix("").parts for file in files)
    names = (".".join(part).removesuffix(".__init__") for part in parts)
    return dict(zip(names, files, strict=True))


def imports(name, files):
    """Return the modules of the package that a module imports, wherever in it; not for types."""
    found = set()
    for module, names in statements(files[name].read_text(encoding="utf-8")):
        full = {f"{module}.{name}" for name in names}
        found |= full & set(files) or {module}
    return found & set(files) - {name}


@cache
def statements(source):
    """Return what a module imports: (module, names from it), as often as it does."""
    tree = ast.parse(source)
    typing = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found = []
    for node in ast.walk(tree):
        if id(node) in typing:
            continue
        if isinstance(node, ast.Import):
            found += [(alias.name, ()) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"a relative import: {ast.unparse(node)}"
            found.append((node.module, tuple(alias.name for alias in node.names)))
    return found


def climbing(floors, base, files):
    """Return the imports that do not lead to a lower floor, as "from -> to"."""
    faults = []
    for name in files:
        for other in imports(name, files):
            here, there = (room_of(module, base) for module in (name, other))
            if (
                here in floors
                and there in floors
                and here != there
                and floors[here] <= floors[there]
            ):
                faults.append(f"{name} -> {other}")
    return faults


def room_of(module, base):
    inside = module.removeprefix(f"{base}.")
    return inside.partition(".")[0] if inside != module else ""


def test_every_room_is_on_the_page_and_every_row_is_a_room():
    there = {
        path.stem
        for path in (ROOT / "coursekit").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert there - {"__init__", "__main__"} == set(HOUSE)
    engine = {
        path.stem
        for path in (ROOT / "coursekit" / "exercises").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    banks = {name for name in engine if re.fullmatch(r"lesson\d+", name)}
    assert engine - banks - {"__init__"} == set(ENGINE)


def test_imports_lead_to_lower_floors():
    files = modules()
    assert climbing(HOUSE, "coursekit", files) == []
    assert climbing(ENGINE, "coursekit.exercises", files) == []


def test_a_bank_imports_no_other_bank_and_nothing_above_it():
    allowed = {room for room, floor in ENGINE.items() if floor < ENGINE["functions"]}
    files = modules()
    for name in (name for name in files if re.match(r"coursekit\.exercises\.lesson\d", name)):
        rooms = {room_of(other, "coursekit.exercises") for other in imports(name, files)}
        assert rooms - {""} <= allowed | {room_of(name, "coursekit.exercises")}, name


def test_no_modules_import_each_other_in_a_circle():
    files = modules()
    try:
        TopologicalSorter({name: imports(name, files) for name in files}).prepare()
    except CycleError as circle:
        pytest.fail(f"a circle: {' -> '.join(circle.args[1])}")


def test_the_root_has_few_doors():
    there = {path.stem for path in (ROOT / "coursekit").glob("*.py")}
    assert len(there - {"__init__", "__main__"}) <= 8


@pytest.mark.parametrize(
    ("where", "line"),
    [("shapes.pairs", "import coursekit.ops"), ("ops.pooling", "def f():\n    from coursekit import figures"),
     ("machine.files", "from coursekit.contracts import Count")],
)  # fmt: skip
def test_an_import_upwards_is_seen(tmp_path, where, line):
    files, name = modules(), f"coursekit.{where}"
    changed = tmp_path / "changed.py"
    changed.write_text(f"{files[name].read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    assert len(climbing(HOUSE, "coursekit", {**files, name: changed})) == 1


def test_the_tests_stand_in_the_same_rooms():
    rooms = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir()}
    assert rooms - {"bad_arguments", "browser", "guard", "lessons", "__pycache__"} <= set(HOUSE)
