"""The edges of training: batches of one, files that may not be read, proxies that are none."""

import os

import pytest
import torch

from coursekit import training
from coursekit.data import idx
from coursekit.machine import download
from coursekit.training.batching import sizes


def normed():
    return torch.nn.Sequential(
        torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3), torch.nn.Linear(3, 2)
    )


def some(count):
    return torch.randn(count, 2, generator=torch.Generator().manual_seed(0)), torch.arange(
        count
    ) % 2


@pytest.mark.parametrize(
    ("count", "batch_size"), [(9, 8), (5, 2), (9, 4), (3, 2), (17, 16), (4, 2), (2, 8)]
)
def test_batch_norm_never_meets_a_batch_of_one(count, batch_size):
    model = normed()
    history = training.fit(model, some(count), batch_size=batch_size, num_epochs=2)
    assert len(history) == 2
    steps = len(sizes(count, batch_size, alone=False))
    assert int(model[1].num_batches_tracked) == 2 * steps
    assert sum(sizes(count, batch_size, alone=False)) == count


@pytest.mark.parametrize(("count", "batch_size"), [(4, 1), (1, 8)])
def test_batches_of_one_are_refused_before_anything_is_learned(count, batch_size):
    model = normed()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    with pytest.raises(ValueError, match=f"batch_size is {batch_size}, which makes batches of one"):
        training.fit(model, some(count), batch_size=batch_size)
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())


def test_batches_of_one_are_no_matter_without_batch_norm_or_over_a_map():
    assert len(training.fit(torch.nn.Linear(2, 2), some(3), batch_size=2, num_epochs=1)) == 1
    over_maps = torch.nn.Sequential(
        torch.nn.BatchNorm2d(1), torch.nn.Flatten(), torch.nn.Linear(9, 2)
    )
    data = torch.randn(3, 1, 3, 3), torch.tensor([0, 1, 0])
    assert len(training.fit(over_maps, data, batch_size=1, num_epochs=1)) == 1


def test_a_data_file_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    path = tmp_path / "train-images-idx3-ubyte.gz"
    path.write_bytes(b"x")

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(idx.Path, "read_bytes", refuse)
    for call in (
        lambda: idx.read(tmp_path, "train-images-idx3-ubyte"),
        lambda: idx.damaged(tmp_path),
    ):
        with pytest.raises(idx.DataError, match=r"ubyte.gz cannot be read \(Permission denied\)"):
            call()
    monkeypatch.setattr(idx.Path, "open", refuse)
    assert path in idx.unreadable(tmp_path)


@pytest.mark.parametrize("proxy", ["http://.x", "http://[", "http://a:b"])
def test_a_proxy_that_is_no_address_is_a_reason_and_no_crash(tmp_path, monkeypatch, proxy):
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, proxy)
    # The guard refuses to look such a name up, as it should; here it need not tell.
    monkeypatch.setenv("COURSEKIT_NETWORK_LOG", os.devnull)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with pytest.raises(download.DownloadError, match="could not be downloaded: .*"):
        download.download("https://127.0.0.1:9/file", tmp_path / "file", "00")
    assert list(tmp_path.iterdir()) == []
    # Corrected, it is read anew: what is reached now is this machine, where nothing listens.
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name)
    with pytest.raises(download.DownloadError, match="Connection refused"):
        download.download("https://127.0.0.1:9/file", tmp_path / "file", "00")
