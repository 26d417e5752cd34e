"""`coursekit train`."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

    from coursekit.training.workers import Workers

HELP = "train a lesson's network, alone or with others under torchrun"
# A module of its own is imported with torch; the parser shall start without it.
NETWORKS = ("lenet", "fast-lenet", "small", "three-blocks", "compact", "accurate")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the network, the settings of its training, and the files that it reads and leaves."""
    parser.add_argument("--network", choices=NETWORKS, default=NETWORKS[0], help="(lenet)")
    parser.add_argument("--epochs", type=int, metavar="N", help="(the recipe's own)")
    parser.add_argument("--batch-size", type=int, metavar="N", help="of all processes together")
    parser.add_argument("--learning-rate", type=float, metavar="R", help="(the recipe's own)")
    parser.add_argument(
        "--optimizer", choices=("adam", "sgd"), default="adam",
        help="adam in one cycle, as the recipe has it; sgd: plain descent at one rate",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="(0)")
    parser.add_argument("--device", default="auto", help="cpu, cuda, mps or auto (auto)")
    parser.add_argument("--examples", type=int, metavar="N", help="the first N alone (all)")
    parser.add_argument(
        "--checkpoint", metavar="FILE",
        help="the run after each epoch; the same command takes an interrupted one up there",
    )  # fmt: skip
    parser.add_argument("--save", metavar="FILE", help="the weights, at the end")


def run(options: argparse.Namespace) -> int:
    """Train a lesson's network on Fashion-MNIST and print its test accuracy.

    Under `torchrun --nproc-per-node 2 -m coursekit train` two processes share every batch.
    """
    from coursekit.machine.paths import to_write
    from coursekit.training import TrainingError, find_device
    from coursekit.training.workers import WorkerLost, joined

    rank = int(os.environ.get("RANK", 0))  # what is wrong is wrong for all; the first one says it
    try:
        device = find_device(options.device)
        for name in ("checkpoint", "save"):
            if getattr(options, name) is not None:  # found out before the work, not after it
                setattr(options, name, to_write(f"--{name}", getattr(options, name)))
        with joined(device) as workers:
            _train(options, device, workers)
    except WorkerLost as error:
        kept = f"; {options.checkpoint} has its last epoch" if options.checkpoint else ""
        print(f"coursekit: {error}{kept}", file=sys.stderr)
        return 1
    except (ValueError, OSError, TrainingError, KeyboardInterrupt):
        if rank > 0:
            return 2
        raise
    return 0


def _train(options: argparse.Namespace, device: torch.device, workers: Workers) -> None:
    from coursekit import data, models, training
    from coursekit.training import recipes

    # The first alone looks for the data, and downloads it: the others find it in the cache.
    workers.from_first(lambda: bool(data.fashion_mnist("train")))
    train_set, test_set = data.fashion_mnist("train"), data.fashion_mnist("test")
    if options.examples is not None:
        train_set = train_set.head(options.examples)
    train = recipes.NETWORKS[options.network]
    model, history = train(
        train_set.tensors(), seed=options.seed, device=device, checkpoint=options.checkpoint,
        **_settings(options),
    )  # fmt: skip
    if workers.rank > 0:
        return
    if options.save is not None:
        training.save(model, options.save)
    accuracy = training.evaluate(model, test_set.tensors(), device=device).accuracy
    where = device.type + (f", {workers.size} processes" if workers.size > 1 else "")
    print(f"{options.network}: {models.count_parameters(model):,} parameters on {where}")
    print(f"data: {train_set!r}")
    seconds = sum(history.seconds) / len(history)
    epochs = f"{len(history)} epoch{'s' * (len(history) > 1)}"
    print(f"test accuracy {accuracy:.4f} after {epochs} of {seconds:.1f} s")


def _settings(options: argparse.Namespace) -> dict[str, Any]:
    """Return what `fit` is asked for in place of the recipe's own."""
    from functools import partial

    import torch

    given = {
        "num_epochs": options.epochs,
        "batch_size": options.batch_size,
        "learning_rate": options.learning_rate,
    }
    settings: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if options.optimizer == "sgd":
        rate = settings.pop("learning_rate", 0.1)
        settings |= {"optimizer": partial(torch.optim.SGD, lr=rate), "weight_decay": 0.0}
    return settings
