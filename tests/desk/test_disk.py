"""What an environment takes of the disk, as `coursekit doctor` tells it."""

import re
import sys
from types import SimpleNamespace

import pytest

from coursekit.desk import disk, doctor

MB = 10**6


def put(path, size):
    """A file that takes the disk at least so many bytes, and at most 64 kB more."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)


@pytest.fixture
def made(tmp_path):
    """An environment of 10 MB, 7 of them for GPUs, below folders that are called like some of it."""
    folder = tmp_path / "nvidia" / "site-packages" / "triton" / "env"
    packages = folder / "lib" / "python3.12" / "site-packages"
    put(packages / "torch/lib/libtorch_cpu.so", 2 * MB)
    put(packages / "torch/lib/libtorch_cuda.so", 3 * MB)
    put(packages / "triton/backends/nvidia/lib/driver.so", 1 * MB)
    put(packages / "nvidia/cublas/lib/libcublas.so", 3 * MB)
    put(packages / "dask/cuda/nvidia/notes.txt", 1 * MB)
    (folder / "lib64").symlink_to(folder / "lib", target_is_directory=True)
    (packages / "again.so").symlink_to(packages / "nvidia/cublas/lib/libcublas.so")
    return folder


def test_everything_counts_once_and_what_gpus_need_by_its_place(made):
    everything, for_gpus = disk.taken(made)
    assert everything == pytest.approx(10 * MB, abs=MB / 2)
    assert for_gpus == pytest.approx(7 * MB, abs=MB / 2)


def test_what_is_not_there_takes_nothing(tmp_path):
    assert disk.taken(tmp_path / "nowhere") == (0, 0)


@pytest.mark.parametrize(
    ("for_gpus", "gpu", "ours", "advice"),
    [
        (
            4.8e9,
            False,
            True,
            r"4\.8 GB of it for GPUs, and PyTorch sees none; `make lab TORCH=cpu`",
        ),
        (4.8e9, False, False, r"4\.8 GB of it for GPUs, .* README.md, By hand, says how"),
        (4.8e9, True, True, "$"),
        (0, False, True, "$"),
    ],
)
def test_advice_is_for_those_whom_it_would_help(monkeypatch, for_gpus, gpu, ours, advice):
    monkeypatch.setattr(disk, "taken", lambda folder: (7e9, for_gpus))
    monkeypatch.setattr(disk, "_gpu", lambda: gpu)
    monkeypatch.setattr(sys, "prefix", str(disk.PACKAGE.parent / (".venv" if ours else "mine")))
    [(name, found, told)] = disk.environment()
    assert (name, found) == ("environment", "7.0 GB")
    assert re.match(advice, told)


def test_the_machines_own_python_is_not_counted(monkeypatch):
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    assert not list(disk.environment())


def test_doctor_says_where_torchvision_is_made_for_another_torch(monkeypatch, capsys):
    class Torn:
        """Fails as torchvision does, when it registers its operators."""

        def find_spec(self, name, *about):
            if name == "torchvision":
                raise RuntimeError("operator torchvision::nms does not exist")

    monkeypatch.delitem(sys.modules, "torchvision", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Torn(), *sys.meta_path])
    [(name, found, advice)] = doctor._torchvision()
    assert (name, found) == ("torchvision", "broken")
    assert re.fullmatch(r"torch \S+ and torchvision \S+ do not fit each other: .*", advice)


def test_doctor_has_no_word_for_a_torchvision_that_works(monkeypatch):
    monkeypatch.setitem(sys.modules, "torchvision", SimpleNamespace())
    assert not list(doctor._torchvision())
