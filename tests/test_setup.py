"""`make setup`, run for real against indexes on loopback: what is installed, and who is asked for it.

The Makefile and pyproject.toml are the course's own; the packages are made, empty, and named like its own.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from made_index import Authority, hatchling, served, shelf, wheel
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TORCH = ("torch", "torchvision")
FOR_GPUS = "nvidia-cublas"  # stands for all that PyTorch brings along for them

pytestmark = pytest.mark.ci


def pins():
    """Each version that the course was tested with, as (name, version), for any Python."""
    for line in PROJECT["tool"]["uv"]["constraint-dependencies"]:
        pin = Requirement(line)
        [version] = pin.specifier
        yield pin.name, version.version


def here(name):
    """The version of it that the pins give this Python."""
    lines = map(Requirement, PROJECT["tool"]["uv"]["constraint-dependencies"])
    [pin] = [p for p in lines if p.name == name and (p.marker is None or p.marker.evaluate())]
    return str(pin.specifier).removeprefix("==")


def usual_wheels():
    needs = {"torch": [f"{FOR_GPUS}; sys_platform == 'linux'"]}
    newer = [wheel(name, "999.0", needs.get(name)) for name in (*TORCH, "numpy")]
    return [
        *(wheel(name, version, needs.get(name)) for name, version in pins()),
        hatchling(),
        *newer,
    ]


def own_wheels():
    """PyTorch's: its own packages for the CPU, and one of another's, as it has them too."""
    own = [(name, version) for name, version in pins() if name in TORCH]
    return [wheel(name, f"{version}+cpu") for name, version in own] + [wheel("numpy", "998.0")]


class Machine:
    """A clone on a machine whose whole network is two indexes."""

    def __init__(self, folder, usual, own):
        self.folder, self.usual, self.own = folder, usual, own
        for name in ("Makefile", "pyproject.toml", "README.md", "LICENSE", "LICENSE-text"):
            shutil.copy(ROOT / name, folder)
        proxy = f"http://127.0.0.1:{own.server_port}"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder / "home"),
            "UV_CACHE_DIR": str(folder / "cache"),
            "UV_PYTHON": sys.executable,
            "UV_DEFAULT_INDEX": f"http://127.0.0.1:{usual.server_port}/simple",
            "NO_PROXY": "127.0.0.1",
            "HTTPS_PROXY": proxy,
            "ALL_PROXY": proxy,
            "SSL_CERT_FILE": str(own.authority.file),
        }

    def make(self, *words):
        """What make printed, once it has done well; who is asked is counted anew."""
        self.usual.asked.clear()
        self.own.asked.clear()
        done = self.tried(*words)
        assert done.returncode == 0, done.stdout + done.stderr
        assert not done.stderr
        return done.stdout

    def tried(self, *words, **settings):
        command = ["make", "--no-print-directory", f"UV={uv()}", *words]
        settings = {"cwd": self.folder, "env": {**self.environment, **settings}, "timeout": 120}
        return subprocess.run(command, capture_output=True, text=True, check=False, **settings)

    @property
    def installed(self):
        """Versions by name, as the environment itself has them."""
        found = self.folder.glob(".venv/lib/*/site-packages/*.dist-info")
        pairs = [path.name.removesuffix(".dist-info").split("-") for path in found]
        return {canonicalize_name(name): version for name, version in pairs}

    @property
    def torch(self):
        return [self.installed[name] for name in TORCH]

    def asked_usual(self, *names):
        """What the usual index was asked about these packages."""
        return [
            path
            for _, path in self.usual.asked
            if path.startswith(tuple(f"/simple/{n}/" for n in names))
        ]


def uv():
    """The one that set up this environment: make has fetched it, or found it."""
    found = shutil.which("uv") or shutil.which("uv", path=ROOT / ".uv" / "bin")
    assert found, "no uv, neither on the path nor in .uv: run `make setup`"
    return found


@pytest.fixture
def machine(tmp_path):
    authority = Authority(tmp_path)
    usual, own = shelf("/simple/", usual_wheels()), shelf("/whl/cpu/", own_wheels())
    with served(usual) as first, served(own, authority) as second:
        yield Machine(tmp_path, first, second)


FOR_CPU = [f"{here(name)}+cpu" for name in TORCH]
WHOLE = [here(name) for name in TORCH]


def test_torch_for_the_cpu_comes_from_pytorchs_index_and_all_else_from_the_usual_one(machine):
    machine.make("setup", "TORCH=cpu")
    assert machine.torch == FOR_CPU
    assert FOR_GPUS not in machine.installed
    assert machine.installed["numpy"] == here("numpy")
    assert not machine.asked_usual(*TORCH)
    hosts, paths = zip(*machine.own.asked, strict=True)
    assert set(hosts) == {"download.pytorch.org"}
    assert {path for path in paths if path.endswith("/")} == {f"/whl/cpu/{n}/" for n in TORCH}
    about = {path.rpartition("/")[2].partition("-")[0] for path in paths}
    assert about <= {"CONNECT", "", *TORCH}


def test_without_TORCH_nothing_asks_pytorchs_index(machine):
    machine.make("setup")
    assert not machine.own.asked
    assert machine.asked_usual(*TORCH)
    assert machine.torch == WHOLE
    assert FOR_GPUS in machine.installed


def test_both_ways_install_the_same_but_for_what_gpus_need(machine):
    machine.make("setup", "TORCH=cpu")
    lean = machine.installed
    machine.make("setup", "TORCH=")
    assert machine.installed.keys() - lean.keys() == {FOR_GPUS}
    assert lean.keys() <= machine.installed.keys()
    assert {name for name in lean if lean[name] != machine.installed[name]} == set(TORCH)


def test_the_choice_stays_until_another_is_made(machine):
    def changed():
        for stamp in machine.folder.glob(".venv/.ready*"):
            os.utime(stamp, (1, 1))  # long before pyproject.toml

    assert "setting up with TORCH=cpu, once" in machine.make("setup", "TORCH=cpu")
    assert "setting up" not in machine.make("setup")
    changed()
    assert "setting up again with TORCH=cpu;" in machine.make("setup")
    assert machine.torch == FOR_CPU
    machine.make("setup", "TORCH=")
    assert machine.torch == WHOLE
    changed()
    assert "setting up again;" in machine.make("setup")
    assert not machine.own.asked


def test_an_environment_for_gpus_becomes_one_without(machine):
    machine.make("setup")
    assert FOR_GPUS in machine.installed
    machine.make("setup", "TORCH=cpu")
    assert machine.torch == FOR_CPU
    assert FOR_GPUS not in machine.installed
    machine.make("clean", "setup")
    assert machine.torch == WHOLE


def test_without_a_network_the_environment_stays_as_it_is(machine):
    machine.make("setup")
    before = machine.installed
    nowhere = "http://127.0.0.1:9"
    failed = machine.tried("setup", "TORCH=cpu", HTTPS_PROXY=nowhere, UV_HTTP_RETRIES="0")
    assert failed.returncode == 2
    assert "download.pytorch.org" in failed.stderr
    assert machine.installed == before
    machine.make("setup")
    assert not machine.own.asked
    assert machine.torch == WHOLE
