import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
AN_ADDRESS_FOR_DOCUMENTATION = "192.0.2.1"

ATTEMPTS = {
    "connect": f"import socket; socket.create_connection(('{AN_ADDRESS_FOR_DOCUMENTATION}', 80))",
    "look up": "import socket; socket.getaddrinfo('example.org', 80)",
    "another python": (
        "import subprocess, sys; "
        "subprocess.run([sys.executable, '-c', \"import socket; socket.getaddrinfo('example.org', 80)\"])"
    ),
}


def run_test(tmp_path, body):
    (tmp_path / "conftest.py").write_text((ROOT / "conftest.py").read_text())
    guard = tmp_path / "tests" / "guard"
    guard.mkdir(parents=True)
    (guard / "sitecustomize.py").write_text((ROOT / "tests/guard/sitecustomize.py").read_text())
    (tmp_path / "test_it.py").write_text(
        "def test_it():\n    try:\n"
        + "".join(f"        {line}\n" for line in body.splitlines())
        + "    except OSError:\n        pass\n"
    )
    environment = {k: v for k, v in os.environ.items() if k != "COURSEKIT_NETWORK_LOG"}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    command = [sys.executable, "-m", "pytest", "-q", "test_it.py"]
    return subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_an_attempt_fails_the_run_even_where_its_error_is_swallowed(tmp_path, attempt):
    answer = run_test(tmp_path, ATTEMPTS[attempt])
    assert "1 passed" in answer.stdout
    assert answer.returncode == 1
    assert "connections that left this machine, all refused" in answer.stdout


def test_a_run_that_stays_here_passes(tmp_path):
    answer = run_test(
        tmp_path,
        "import socket\nserver = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(server.getsockname()).close()\nserver.close()\n"
        "socket.getaddrinfo('localhost', 80)",
    )
    assert answer.returncode == 0, answer.stdout


def test_this_very_process_is_guarded(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSEKIT_NETWORK_LOG", str(tmp_path / "log"))
    with (
        socket.socket() as probe,
        pytest.raises(OSError, match=r"may not connect to '192\.0\.2\.1'"),
    ):
        probe.connect((AN_ADDRESS_FOR_DOCUMENTATION, 80))
    assert "socket.connect" in (tmp_path / "log").read_text()
