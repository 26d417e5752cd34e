"""A real JupyterLab, started by `coursekit lab`, and how it ends: nothing of it is left."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest
from jupyter_client import BlockingKernelClient
from servers import address_of_lab, until

from coursekit.desk.lab import WAITING
from coursekit.exercises.progress import FILE, FOLDER

pytestmark = [
    pytest.mark.ci,
    pytest.mark.skipif(sys.platform != "linux", reason="reads processes from /proc"),
]
WORK = """
from coursekit.exercises import progress
from itertools import count
print("began", flush=True)
for number in count():
    progress.record(f"0.{number}", "wrong")
"""


def below(number):
    """Return the numbers of the processes that a process has started, and those in turn."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            child, parent = (
                int(stat.parent.name),
                int(stat.read_text().rpartition(")")[2].split()[1]),
            )
        except OSError:
            continue  # gone by now
        found += [child] if parent == number else []
    return found + [deeper for child in found for deeper in below(child)]


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """Start `coursekit lab` on a folder, give its process and its log, and end what is left."""
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    log, started = tmp_path / "lab.log", []

    def start(stdin=subprocess.DEVNULL):
        command = [sys.executable, "-m", "coursekit", "lab", str(tmp_path / "mine"), "--no-browser"]
        with log.open("a") as stream:
            output = {"stdin": stdin, "stdout": stream, "stderr": stream}
            started.append(subprocess.Popen(command, start_new_session=True, **output))
        return started[-1], log

    yield start
    for process in started:
        for number in [process.pid, *below(process.pid)]:
            if process.poll() is None:
                os.kill(number, signal.SIGKILL)
        process.wait()


def a_kernel(where, runtime):
    """Start a kernel, let it record answers without end, and return a client of it."""
    url, _, token = re.sub(r"/lab[^?]*\?token=", "/api/kernels ", where).partition(" ")
    request = urllib.request.Request(url, b"{}", {"Authorization": f"token {token}"}, method="POST")
    with urllib.request.urlopen(request) as answer:
        id = json.load(answer)["id"]
    client = BlockingKernelClient(connection_file=str(runtime / f"kernel-{id}.json"))
    client.load_connection_file()
    client.start_channels()
    client.kernel_info(reply=True, timeout=120)
    return client


def test_a_signal_to_the_command_ends_the_server_and_its_kernels_and_progress_is_whole(
    lab, tmp_path
):
    process, log = lab()
    where = address_of_lab(log)
    client = a_kernel(where, tmp_path / "runtime")
    client.execute(f"import os; os.chdir({str(tmp_path / 'mine')!r})\n{WORK}")
    home = tmp_path / "mine" / FOLDER / FILE
    until(home.exists)
    started = below(process.pid)
    assert len(started) >= 2, "a server and a kernel"

    again, _ = lab()  # a second start on the same folder
    assert again.wait(120) == 0
    port = re.search(r":\d+/", where)[0]
    assert re.search(rf"{re.escape(WAITING)}\n  http://localhost{port}lab\?token=", log.read_text())
    assert process.poll() is None

    os.kill(process.pid, signal.SIGTERM)
    process.wait(60)
    client.stop_channels()
    until(lambda: not [number for number in started if Path(f"/proc/{number}").exists()], 30)
    assert not list((tmp_path / "runtime").glob("jpserver-*.json"))
    with closing(sqlite3.connect(home)) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        kept = [
            int(row[0][2:]) for row in file.execute("SELECT exercise FROM attempts ORDER BY rowid")
        ]
    assert kept == list(range(len(kept)))
    assert kept


def test_control_c_twice_ends_it(lab):
    terminal, end = os.openpty()
    process, log = lab(stdin=end)
    address_of_lab(log)
    started = below(process.pid)
    for asked in ("(y/[n])?", "interrupted|Shutting down|stopping"):
        os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to all that it started
        until(
            lambda asked=asked: re.search(
                asked if "|" in asked else re.escape(asked), log.read_text()
            )
        )
    assert process.wait(60) == 0
    os.close(terminal)
    os.close(end)
    until(lambda: not [number for number in started if Path(f"/proc/{number}").exists()], 30)
    assert "Traceback" not in log.read_text()
