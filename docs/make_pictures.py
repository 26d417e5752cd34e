"""Make the README's picture: a wrong answer in JupyterLab, and what `check` says to it.

Needs Chromium and playwright, which `make setup` installs:

    .venv/bin/python docs/make_pictures.py [CHROMIUM]
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from coursekit.machine.chromium import chromium

PICTURE = Path(__file__).parent / "pictures" / "wrong-answer.png"
NOTEBOOK = "wrong-answer.ipynb"
SETUP = "import torch\n\nfrom coursekit.exercises import check"
ANSWER = """\
def corr2d(x, kernel):
    H, W = x.shape
    kH, kW = kernel.shape
    kernel = kernel.flip(0, 1)
    feature_map = torch.zeros(H - kH + 1, W - kW + 1)
    for row in range(H - kH + 1):
        for column in range(W - kW + 1):
            window = x[row : row + kH, column : column + kW]
            feature_map[row, column] = (window * kernel).sum()
    return feature_map"""
CHECK = 'check("2.2", corr2d)'
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/lab\S*\?token=\w+")
LOCAL_ONLY = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
MARGIN = 8  # CSS pixels around the cells
FRAME = 4  # of the cell that has the focus
COLOURS = 64


def main(chromium: str) -> int:
    """Write the picture and print its size; return the exit status."""
    with tempfile.TemporaryDirectory() as folder, _jupyterlab(Path(folder)) as address:
        shot = _photograph(address.replace("?", f"/tree/{NOTEBOOK}?", 1), chromium)
    picture = Image.open(BytesIO(shot)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    PICTURE.parent.mkdir(exist_ok=True)
    picture.save(PICTURE, optimize=True)
    print(
        f"{PICTURE.name}: {picture.width}×{picture.height}, {PICTURE.stat().st_size / 1000:.0f} kB"
    )
    return 0


@contextmanager
def _jupyterlab(folder: Path) -> Iterator[str]:
    """Serve a notebook with the wrong answer; yield JupyterLab's address."""
    (folder / NOTEBOOK).write_text(json.dumps(_notebook()), encoding="utf-8")
    config = Path(__file__).parents[1] / "coursekit" / "desk" / "config"
    environment = {**os.environ, "JUPYTER_CONFIG_PATH": str(config)}
    command = ["jupyter", "lab", "--no-browser", "--allow-root", f"--ServerApp.root_dir={folder}"]
    log = folder / ".server.log"
    with log.open("w") as stream:
        server = subprocess.Popen(
            [sys.executable, "-m", *command],
            stdout=stream, stderr=stream, env=environment, start_new_session=True,
        )  # fmt: skip
        try:
            yield _address(log)
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(timeout=30)


def _notebook() -> dict[str, object]:
    cells = [
        {"cell_type": "code", "id": f"cell-{n}", "metadata": {}, "source": source, "outputs": [],
         "execution_count": None}
        for n, source in enumerate((SETUP, ANSWER, CHECK))
    ]  # fmt: skip
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _address(log: Path) -> str:
    for _ in range(300):
        found = ADDRESS.search(log.read_text(encoding="utf-8"))
        if found:
            return re.sub(r"/lab\S*\?", "/lab?", found[0])
        time.sleep(0.2)
    raise TimeoutError(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')}")


def _photograph(address: str, chromium: str) -> bytes:
    """Return a PNG, at two pixels to one, of the answer, the check and its outcome."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", LOCAL_ONLY]
        )
        page = browser.new_page(viewport={"width": 1180, "height": 1300}, device_scale_factor=2)
        page.goto(address)
        _run_all(page)
        boxes = [page.locator(".jp-Notebook .jp-Cell").nth(n).bounding_box() for n in (1, 2)]
        page.mouse.move(0, 0)
        image = page.screenshot(clip=_around(boxes))
        browser.close()
    return image


def _run_all(page: Page) -> None:
    page.wait_for_selector(".jp-Notebook .jp-Cell:visible", timeout=60_000)
    page.get_by_text("| Idle").first.wait_for(timeout=60_000)
    page.get_by_text("Run", exact=True).first.click()
    page.get_by_text("Run All Cells", exact=True).first.click()
    page.get_by_text("The smallest input that shows it").first.wait_for(timeout=120_000)
    page.locator(".jp-Notebook .jp-Cell").first.click()
    page.keyboard.press("Escape")
    page.wait_for_timeout(1500)


def _around(boxes: list[dict[str, float]]) -> dict[str, float]:
    """Return what is cut out: these cells, without the frame of the one above them."""
    first, last = boxes[0], boxes[-1]
    y = first["y"] + FRAME
    height = last["y"] + last["height"] + MARGIN - y
    return {"x": first["x"], "y": y, "width": first["width"] + MARGIN, "height": height}


if __name__ == "__main__":
    found = sys.argv[1] if len(sys.argv) > 1 else chromium()
    if found is None:
        sys.exit("no Chromium was found; give its path as an argument")
    sys.exit(main(found))
