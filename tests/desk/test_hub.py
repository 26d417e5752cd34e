"""A JupyterHub on loopback: three learners, each on their own copy of the lessons."""

import json
import os
import re
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from servers import until

from coursekit import cli
from coursekit.desk import hub

ROOT = Path(__file__).parents[2]
LEARNERS = ("ada", "bo", "cleo")
TOKEN = "of-a-test-on-loopback"
CONFIG = """\
import os, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from jupyterhub.spawner import SimpleLocalProcessSpawner
exec(Path({deploy!r}).read_text())
c.Spawner.cmd = [sys.executable, "-m", "coursekit.desk.hub"]
c.Spawner.mem_limit = None
c.Spawner.args = ["--allow-root"]
c.Spawner.env_keep = [*SimpleLocalProcessSpawner.env_keep.default_args[0], "PYTHONPATH"]
c.JupyterHub.spawner_class = SimpleLocalProcessSpawner
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r} + "/{{username}}"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.proxy_class = "unproxied.Unproxied"
c.JupyterHub.bind_url = "http://127.0.0.1:{front}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.services = [{{"name": "test", "api_token": {token!r}}}]
c.JupyterHub.load_roles = [{{"name": "test", "services": ["test"], "scopes": [
    "admin:users", "admin:servers", "tokens", "access:servers"]}}]
"""


class Hub:
    """A running hub, asked through its own interface and its servers' own."""

    def __init__(self, folder, port):
        self.folder, self.address = folder, f"http://127.0.0.1:{port}"

    def api(self, path, method="GET", body=None):
        return ask(f"{self.address}/hub/api{path}", TOKEN, method, body)

    def start(self, who):
        """Start a learner's server, and return its address and a token of the learner's."""
        self.api(f"/users/{who}/server", "POST", {})
        until(lambda: self.api(f"/users/{who}")["servers"].get("", {}).get("ready"), 300)
        routes = json.loads((self.folder / "routes.json").read_text())
        (target,) = (target for spec, target in routes.items() if spec.endswith(f"/user/{who}/"))
        token = self.api(f"/users/{who}/tokens", "POST", {})["token"]
        return f"{target}/user/{who}", token

    def stop(self, who):
        self.api(f"/users/{who}/server", "DELETE")
        until(lambda: not self.api(f"/users/{who}")["servers"], 300)


def ask(address, token, method="GET", body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"token {token}"}
    with urlopen(Request(address, data, headers, method=method), timeout=60) as answer:
        text = answer.read()
        return json.loads(text) if text else None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def running(tmp_path):
    """A hub whose learners' homes are folders here, with the configuration of deploy/."""
    pytest.importorskip("jupyterhub")
    port = free_port()
    config = tmp_path / "jupyterhub_config.py"
    config.write_text(CONFIG.format(
        tests=str(ROOT / "tests"), deploy=str(ROOT / "deploy" / "jupyterhub_config.py"),
        homes=str(tmp_path / "homes"), port=port, front=free_port(), token=TOKEN,
    ))  # fmt: skip
    search = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": search,
                   "UNPROXIED_ROUTES": str(tmp_path / "routes.json")}  # fmt: skip
    with (tmp_path / "hub.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", str(config)],
            cwd=tmp_path, env=environment, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        found = Hub(tmp_path, port)
        until(lambda: process.poll() is not None or found.api("/"), 300)
        assert process.poll() is None, (tmp_path / "hub.log").read_text()[-3000:]
        yield found
    finally:
        process.terminate()
        process.wait(timeout=60)


def execute(address, token, code):
    """Return what a kernel of the learner's prints."""
    import websocket

    kernel = ask(f"{address}/api/kernels", token, "POST", {})["id"]
    where = address.replace("http", "ws", 1) + f"/api/kernels/{kernel}/channels"
    line = websocket.create_connection(where, header=[f"Authorization: token {token}"], timeout=120)
    header = {"msg_id": "1", "username": "", "session": "s", "msg_type": "execute_request",
              "version": "5.3"}  # fmt: skip
    content = {"code": code, "silent": False, "store_history": True, "user_expressions": {},
               "allow_stdin": False, "stop_on_error": True}  # fmt: skip
    line.send(json.dumps({"header": header, "parent_header": {}, "metadata": {},
                          "content": content, "channel": "shell"}))  # fmt: skip
    said = ""
    while True:
        message = json.loads(line.recv())
        if message["header"]["msg_type"] == "stream":
            said += message["content"]["text"]
        elif message["header"]["msg_type"] == "error":
            said += message["content"]["evalue"]
        elif message["header"]["msg_type"] == "execute_reply":
            line.close()
            return said


CHECK = """\
import os
os.chdir(os.path.expanduser("~/lessons"))
from coursekit.exercises import check
print(check("2.1", (4, 7)).status, os.environ["COURSEKIT_OFFLINE"])
"""
NOTE = "what I thought of it"
ASSIGNED = "04_pooling"
# All accounts of the test are one of the machine, so the learner says who hands in.
HAND_IN = """\
import os, subprocess, sys
from pathlib import Path
os.chdir(Path.home())
def nbgrader(*words):
    command = [sys.executable, "-m", "nbgrader", *words, "--course=coursekit", "--Exchange.root={0}"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
nbgrader("fetch_assignment", "{1}")
book = Path("{1}", "{1}.ipynb")
book.write_text(book.read_text().replace("shape = ...", "shape = (8, 6, 9, 13)"))
nbgrader("submit", "{1}", "--student=" + os.environ["JUPYTERHUB_USER"])
print("handed in")
"""


def nbgrader(course, *words):
    search = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    scripts = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    command = [sys.executable, "-m", "nbgrader", *words]
    done = subprocess.run(
        command, cwd=course, env={**os.environ, "PYTHONPATH": search, "PATH": scripts},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.fixture
def released(tmp_path):
    """A course of the instructor's, one lesson of it released through an exchange."""
    pytest.importorskip("nbgrader", reason="an exchange needs nbgrader")
    course, exchange = tmp_path / "course", tmp_path / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    assert cli.main(["export", "nbgrader", str(course), "4"]) == 0
    config = course / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}\nc.Exchange.root = {str(exchange)!r}\n")
    nbgrader(course, "generate_assignment", ASSIGNED)
    nbgrader(course, "release_assignment", ASSIGNED)
    return course


@pytest.mark.ci
def test_three_learners_work_on_copies_that_outlive_their_server_and_hand_in(running, released):
    for who in LEARNERS:
        running.api(f"/users/{who}", "POST")
    with ThreadPoolExecutor() as threads:
        servers = dict(zip(LEARNERS, threads.map(running.start, LEARNERS), strict=True))
        said = list(threads.map(lambda server: execute(*server, CHECK), servers.values()))
    assert said == ["correct 1\n"] * 3
    for who, (address, token) in servers.items():
        listed = ask(f"{address}/api/contents/lessons", token)["content"]
        names = [entry["name"] for entry in listed]
        assert sum(name.endswith(".ipynb") for name in names) == 7, who
    hand_in = HAND_IN.format(released.parent / "exchange", ASSIGNED)
    with ThreadPoolExecutor() as threads:
        said = list(threads.map(lambda server: execute(*server, hand_in), servers.values()))
    assert said == ["handed in\n"] * 3
    nbgrader(released, "collect", ASSIGNED)
    for who in LEARNERS:
        collected = released / "submitted" / who / ASSIGNED / f"{ASSIGNED}.ipynb"
        assert "shape = (8, 6, 9, 13)" in collected.read_text(), who
    address, token = servers["ada"]
    (lesson,) = (name for name in names if name.startswith("03_"))
    mine = f"/api/contents/lessons/{lesson}"
    notebook = ask(address + mine, token)
    notebook["content"]["cells"][0]["source"] += f"\n\n{NOTE}"
    ask(address + mine, token, "PUT", notebook)
    running.stop("ada")

    address, token = running.start("ada")
    kept = ask(address + mine, token)["content"]["cells"][0]["source"]
    assert NOTE in kept
    request = Request(f"{address}/", headers={"Authorization": f"token {token}"})
    with urlopen(request, timeout=60) as page:
        assert page.url.endswith(f"/user/ada/lab/tree/lessons/{lesson}")


def test_the_first_start_copies_and_opens_the_first_lesson(tmp_path, capsys):
    assert re.fullmatch(r"/lab/tree/lessons/01_\w+\.ipynb", hub.opened(tmp_path))
    assert len(list((tmp_path / "lessons").glob("*.ipynb"))) == 7
    assert "lessons" in capsys.readouterr().out


def test_where_nothing_can_be_copied_the_server_starts_all_the_same(tmp_path, capsys):
    (tmp_path / "lessons").write_text("a file")
    assert hub.opened(tmp_path) == "/lab"
    assert "the lessons were not updated" in capsys.readouterr().err


def test_the_server_is_told_where_to_open_and_what_to_share(tmp_path, monkeypatch):
    started = []
    monkeypatch.setattr(os, "execve", lambda *given: started.append(given))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    hub.main(["--port=1"])
    ((program, arguments, environment),) = started
    assert arguments == [program, "-m", "jupyterhub.singleuser", "--port=1"]
    assert environment["OMP_NUM_THREADS"] == "1"
    assert environment["JUPYTERHUB_DEFAULT_URL"].startswith("/lab/tree/lessons/01_")


def test_the_files_for_hubs_name_one_command_and_one_environment():
    yaml = pytest.importorskip("yaml")
    values = yaml.safe_load((ROOT / "deploy" / "values.yaml").read_text())["singleuser"]
    config = (ROOT / "deploy" / "jupyterhub_config.py").read_text()
    image = (ROOT / "deploy" / "Dockerfile").read_text()
    command = ["python", "-m", "coursekit.desk.hub"]
    assert values["cmd"] == command
    for text in (config, image):
        assert '"-m", "coursekit.desk.hub"' in text
    assert values["extraEnv"] == {"COURSEKIT_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    assert "COURSEKIT_OFFLINE=1 OMP_NUM_THREADS=1" in image
    compile(config, "jupyterhub_config.py", "exec")
