"""One Chromium for the tests of the explorer and of the slides, and a JupyterLab for it to open.

Where there is no Chromium these tests are skipped, with a line that says so; with
COURSEKIT_REQUIRE_BROWSER=1 they fail instead.
"""

import os
import re
import secrets
import signal
import socket
import subprocess
import sys

import pytest
from servers import answers, until

from coursekit.authoring.slides.browser import FLAGS
from coursekit.desk.lab import CONFIG
from coursekit.machine.chromium import chromium
from coursekit.machine.lock import held

LOCAL = re.compile(r"(https?|wss?)://127\.0\.0\.1[:/]|data:|blob:|file:|about:")
PATIENCE = 60_000  # milliseconds; an idle machine takes a tenth


@pytest.hookimpl(tryfirst=True)  # before xdist reads the marks
def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.xdist_group("browser"))  # one browser, one worker


@pytest.fixture(scope="session")
def browser():
    path = chromium()
    if path is None:
        missing = "no browser: Chromium is not installed, nor named by COURSEKIT_CHROMIUM"
        if os.environ.get("COURSEKIT_REQUIRE_BROWSER") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def viewport():
    return {"width": 1000, "height": 800}


@pytest.fixture
def page(browser, viewport):
    """Return an empty page; it fails the test on a script error or a request to elsewhere."""
    opened = browser.new_page(viewport=viewport)
    yield from watched(opened)
    opened.close()


@pytest.fixture(scope="module")
def lasting_page(browser):
    """Return one page for all tests of a module, watched like the others."""
    opened = browser.new_page()
    yield from watched(opened)
    opened.close()


def watched(page):
    errors, strangers = [], []
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda r: LOCAL.match(r.url) or strangers.append(r.url))
    yield page
    assert errors == []
    assert strangers == [], "requests that would have left this machine"


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """Return the address of a JupyterLab of these tests' own, with token, and its folder."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("lessons")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address, token = f"http://127.0.0.1:{port}", secrets.token_hex(16)
    own = {
        f"JUPYTER_{name}_DIR": str(home / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")
    }
    environment = {**os.environ, **own, "IPYTHONDIR": str(home / "ipython")}
    environment["JUPYTER_CONFIG_PATH"] = str(CONFIG)
    options = {
        "ServerApp.ip": "127.0.0.1", "ServerApp.port": port, "ServerApp.port_retries": 0,
        "ServerApp.root_dir": folder, "IdentityProvider.token": token,
        "ServerApp.allow_root": True, "LabApp.expose_app_in_browser": True,
    }  # fmt: skip
    log = home / "log"
    command = [sys.executable, "-m", "jupyterlab", "--no-browser"]
    command += [f"--{name}={value}" for name, value in options.items()]
    with log.open("w") as stream:
        server = subprocess.Popen(
            command, env=environment, stdout=stream, stderr=stream, start_new_session=True
        )
    status = f"{address}/api/status?token={token}"
    try:
        until(lambda: server.poll() is not None or answers(status), PATIENCE / 1000, log)
        assert server.poll() is None, log.read_text()[-2000:]
        yield f"{address}/lab/tree", token, folder
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Return the folder of the site, built as an author builds it, once for all of xdist's workers."""
    pytest.importorskip("sphinx", reason="the site's tools want Python 3.11 or newer")
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "built" / "site"
    with held(folder.parent / "site.lock", "the site", patience=600):
        if not folder.exists():
            command = [sys.executable, "-m", "coursekit", "site", "-o", str(folder)]
            done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
            assert done.returncode == 0, done.stderr[-3000:]
    return folder
