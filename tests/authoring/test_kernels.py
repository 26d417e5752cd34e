"""Kernels that are forked for the notebooks' tests begin as new ones do, and end with the run."""

import os
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from jupyter_client.manager import start_new_kernel
from jupyter_client.provisioning import KernelProvisionerFactory

from coursekit.authoring.kernels import shared

pytestmark = [
    pytest.mark.ci,
    pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux"),
]
# What a cell may depend on without importing it.
STATE = """
import os, random, sys, threading, warnings
import matplotlib, matplotlib.pyplot as plt, numpy as np, torch, torchvision, scipy.signal, ipywidgets
from coursekit import book, data, exercises, explorer, figures, models, studies, training, transfer
book.load_book()
print(sorted(name for name in globals() if not name.startswith("_")))
print(torch.get_default_dtype(), torch.is_grad_enabled(), torch.get_num_threads())
print(torch.are_deterministic_algorithms_enabled(), torch._C._get_tracing_state())
print(np.geterr(), np.get_printoptions())
print(sorted(map(repr, warnings.filters)))
print(sorted((key, str(value)) for key, value in matplotlib.rcParams.items()), plt.get_fignums())
print(sys.path, os.getcwd(), sys.stdin, sys.flags.interactive)
skipped = ("JPY_PARENT_PID", "TORCHINDUCTOR", "COURSEKIT_KERNELS")  # no cell asks for these
print(sorted(one for one in os.environ.items() if not one[0].startswith(skipped)))
print(sys.getrecursionlimit(), sys.gettrace(), os.environ["OMP_NUM_THREADS"])
"""


@contextmanager
def kernel():
    manager, client = start_new_kernel(startup_timeout=120, cwd=str(Path(__file__).parent))
    try:
        yield manager, client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def printed(client, code):
    """Return what the code prints, and the name of the error that it ends with."""
    said = []
    reply = client.execute_interactive(code, output_hook=said.append, timeout=120)
    text = "".join(message["content"].get("text", "") for message in said)
    return text, reply["content"].get("ename")


def drawn(client):
    """Return numbers that nobody has seeded."""
    code = "import random, numpy, torch\nprint(random.random(), numpy.random.rand(), torch.rand(1))"
    return printed(client, code)[0].split(" ")


def pid_of(client):
    return int(printed(client, "import os; print(os.getpid())")[0])


def threads_of(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("Threads:")[1].split()[0])


def parent_of(pid):
    return int(Path(f"/proc/{pid}/status").read_text().split("PPid:")[1].split()[0])


def is_there(pid):
    path = Path(f"/proc/{pid}/stat")
    return path.exists() and path.read_text().rpartition(")")[2].split()[0] != "Z"


@contextmanager
def borrowed():
    lender = shared.Lender()
    zygote = shared.borrow()
    try:
        yield lender
    finally:
        KernelProvisionerFactory.clear_instance()
        zygote.close()
        lender.close()


@pytest.fixture(autouse=True)
def one_core(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")


def test_a_forked_kernel_begins_as_a_new_one_and_nothing_outlives_the_run():
    with kernel() as (_, client):
        new = printed(client, STATE)
    with borrowed() as lender:
        folder = lender._folder
        with kernel() as (manager, client):
            assert printed(client, STATE) == new
            pids = [pid_of(client)]
            for _ in range(2):
                pids.append(parent_of(pids[-1]))
            assert pids[-1] == lender._nursery._process.pid
            assert threads_of(pids[1]) == threads_of(pids[2]) == 1

            # what is imported there has no name here
            assert printed(client, "%reset -f\ntorch")[1] == "NameError"

            before = drawn(client)
            client.execute("import time\nprint('begun')\ntime.sleep(1000)", stop_on_error=False)
            while client.get_iopub_msg(timeout=120)["msg_type"] != "stream":
                pass
            manager.interrupt_kernel()
            assert printed(client, "print('goes on')") == ("goes on\n", None)

            manager.restart_kernel(now=True)
            client.wait_for_ready(timeout=60)
            assert pid_of(client) != pids[0]
            assert not is_there(pids[0])
            assert not set(before) & set(drawn(client))

            child = "import subprocess; print(subprocess.Popen(['sleep', '100']).pid)"
            pids.append(int(printed(client, child)[0]))
            client.execute("import os\nos._exit(3)")
            until = time.monotonic() + 30
            while manager.is_alive() and time.monotonic() < until:
                time.sleep(0.05)
            assert not manager.is_alive()
            assert manager.provisioner.process.returncode == 3
        with kernel() as (_, client):
            pids.append(pid_of(client))
            assert printed(client, "print(1)") == ("1\n", None)
    assert [pid for pid in pids if is_there(pid)] == []
    assert not folder.exists()
    assert shared.DOOR not in os.environ
    assert shared.borrow() is None
