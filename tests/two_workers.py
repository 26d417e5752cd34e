"""What torchrun starts for test_workers.py: trainings by two processes, written down by the first."""

import sys
from pathlib import Path

import torch

from coursekit import training
from coursekit.training.workers import joined


def task(count=203, classes=3):
    """Examples that no batch of 32 divides, and the last 11 no two workers."""
    generator = torch.Generator().manual_seed(0)
    labels = torch.arange(count) % classes
    x = 2 * torch.eye(classes)[labels] + torch.randn(count, classes, generator=generator)
    return x, labels


def network(norm):
    torch.manual_seed(0)
    middle = torch.nn.BatchNorm1d(8) if norm else torch.nn.Tanh()
    return torch.nn.Sequential(torch.nn.Linear(3, 8), middle, torch.nn.Linear(8, 3))


def descended(norm=False, **options):
    """Return (weights, history) after three epochs of plain descent."""
    model = network(norm)
    sgd = torch.optim.SGD(model.parameters(), lr=0.1)
    history = training.fit(
        model, task(), validation=task(31), num_epochs=3, batch_size=32, optimizer=sgd, **options
    )
    return model.state_dict(), history.plain()


def dropping(epochs, checkpoint):
    """Return the weights after `epochs` of four, with random numbers in every step."""

    def stop(history):
        if len(history) == epochs:
            raise KeyboardInterrupt

    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Dropout(0.4), torch.nn.Linear(3, 3))
    options = {"num_epochs": 4, "batch_size": 32, "checkpoint": checkpoint}
    try:
        training.fit(model, task(), on_epoch=stop, **options)
    except KeyboardInterrupt:
        training.fit(model, task(), **options)
    return model.state_dict()


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    with joined(torch.device("cpu")) as workers:
        results = {
            "workers": workers.size,
            "plain": descended(),
            "norm": descended(norm=True),
            "whole": dropping(5, folder / "whole.pt"),
            "resumed": dropping(2, folder / "resumed.pt"),
        }
        gathered = workers.gathered(results["plain"][0])
        results["alike"] = all(
            torch.equal(a, b) for a, b in zip(*(g.values() for g in gathered), strict=True)
        )
        if workers.rank == 0:
            torch.save(results, folder / "results.pt")
