"""`coursekit lab` in a terminal of a hub: an address that a browser elsewhere reaches."""

import pytest

from coursekit import cli
from coursekit.desk import lab, on_hub


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A learner's home on a hub that tells no more than it must, with a server on that home."""
    home = tmp_path / "home"
    home.mkdir()
    told = {"url": "http://127.0.0.1:9/user/ada/", "token": "", "root_dir": str(home), "pid": 1}
    monkeypatch.setattr("jupyter_server.serverapp.list_running_servers", lambda: iter([told]))
    monkeypatch.setenv(on_hub.PREFIX, "/user/ada/")
    for name in ("JUPYTERHUB_PUBLIC_URL", "JUPYTERHUB_HOST", "JUPYTERHUB_ROOT_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(lab, "serve", lambda *_, **__: pytest.fail("a server of its own"))
    return home


def test_it_starts_no_server_and_says_where_the_lesson_is(home, capsys):
    assert cli.main(["lab", str(home / "my lessons")]) == 0
    said = capsys.readouterr().out
    assert "\n  /user/ada/lab/tree/my%20lessons/01_" in said
    assert "127.0.0.1" not in said
    assert len(list((home / "my lessons").glob("*.ipynb"))) == 7


@pytest.mark.parametrize(
    ("name", "value", "start"),
    [
        ("JUPYTERHUB_PUBLIC_URL", "https://hub.example/user/ada/", "https://hub.example/user/ada/"),
        ("JUPYTERHUB_HOST", "https://ada.hub.example", "https://ada.hub.example/user/ada/"),
    ],
)
def test_where_the_hub_tells_its_name_the_address_is_whole(home, name, value, start, monkeypatch):
    monkeypatch.setenv(name, value)
    assert f"\n  {start}lab/tree/lessons/03_x.ipynb" in on_hub.address("lessons", "03_x.ipynb")
    assert on_hub.address("").endswith(f"{start}lab")


def test_a_folder_that_the_server_does_not_show_is_refused_before_anything_is_copied(
    home, tmp_path, capsys
):
    outside = tmp_path / "elsewhere"
    assert cli.main(["lab", str(outside)]) == 2
    said = capsys.readouterr().err
    assert "which the server of this hub does not show" in said
    assert str(home) in said
    assert not outside.exists()
    assert on_hub.inside(home) == ""


def test_copies_alone_and_a_port_that_is_asked_for_are_as_elsewhere(home, tmp_path, monkeypatch):
    outside = tmp_path / "elsewhere"
    assert cli.main(["lab", str(outside), "--copy-only"]) == 0
    served = []
    monkeypatch.setattr(lab, "serve", lambda *_, **given: served.append(given["port"]) or 0)
    monkeypatch.setattr(lab, "check_port", lambda port: None)
    assert cli.main(["lab", str(outside), "--port", "8123"]) == 0
    monkeypatch.delenv(on_hub.PREFIX)
    assert cli.main(["lab", str(outside)]) == 0
    assert served == [8123, None]
