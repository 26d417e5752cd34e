"""Measure the stand-in: what LeNet learns from it, and what that is worth on the real garments."""

import argparse
import gzip
import os
from pathlib import Path

import numpy as np
import torch
from torch import nn

STANDIN = Path(__file__).parent / "standin"
NAMES = ["T-shirt", "Trouser", "Pullover", "Dress", "Coat"]
NAMES += ["Sandal", "Shirt", "Sneaker", "Bag", "Boot"]
BATCH = 128


def load(root: Path, part: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Return images, float (N, 1, 28, 28), and labels, int64 (N,), of a set on disk.

    root: a folder in torchvision's layout. part: "train" or "t10k". Images are scaled so that the
    real training part has mean 0 and standard deviation 1.
    """
    raw = root / "FashionMNIST" / "raw"
    images = gzip.decompress((raw / f"{part}-images-idx3-ubyte.gz").read_bytes())
    labels = gzip.decompress((raw / f"{part}-labels-idx1-ubyte.gz").read_bytes())
    # past the headers of IDX: 16 bytes for three axes, 8 for one
    x = torch.tensor(np.frombuffer(images, np.uint8, offset=16).reshape(-1, 1, 28, 28))
    y = torch.tensor(np.frombuffer(labels, np.uint8, offset=8).astype(np.int64))
    return (x / 255 - 0.286) / 0.353, y


def lenet() -> nn.Sequential:
    """Return a LeNet with ReLU and max pooling: (N, 1, 28, 28) to logits (N, 10)."""
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()),
        *(nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)),
    )


def train(x: torch.Tensor, y: torch.Tensor, epochs: int, rate: float, seed: int) -> nn.Module:
    """Return a LeNet trained with Adam and a one-cycle learning rate that peaks at `rate`.

    x: (N, 1, 28, 28). y: (N,) int64.
    """
    torch.manual_seed(seed)
    model = lenet()
    adam = torch.optim.Adam(model.parameters())
    steps = epochs * -(-len(x) // BATCH)
    cycle = torch.optim.lr_scheduler.OneCycleLR(adam, rate, total_steps=steps)
    for _ in range(epochs):
        for rows in torch.randperm(len(x)).split(BATCH):
            loss = nn.functional.cross_entropy(model(x[rows]), y[rows])
            adam.zero_grad()
            loss.backward()
            adam.step()
            cycle.step()
    return model


@torch.no_grad()
def confusion(model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> np.ndarray:
    """Return shares, float64 (10, 10): row the true class, column the answer; a row sums to one.

    x: (N, 1, 28, 28). y: (N,) int64, with every class in it.
    """
    answers = torch.cat([model(part).argmax(1) for part in x.split(1000)])
    counts = torch.bincount(y * 10 + answers, minlength=100).reshape(10, 10).double()
    return (counts / counts.sum(1, keepdim=True)).numpy()


def report(name: str, shares: list[np.ndarray], top: int) -> None:
    """Print mean and spread of the accuracy, and the `top` classes most often taken for another.

    shares: what `confusion` returned, (10, 10), for each network.
    """
    accuracy = [np.diag(s).mean() for s in shares]
    print(f"{name}: {np.mean(accuracy):.3f} ± {np.std(accuracy):.3f}")
    if not top:
        return
    mean = np.mean(shares, axis=0)
    each = ", ".join(f"{n} {v:.2f}" for n, v in zip(NAMES, np.diag(mean), strict=True))
    print(f"  right: {each}")
    off = mean - np.diag(np.diag(mean))
    for k in np.argsort(off, axis=None)[::-1][:top]:
        print(f"  {NAMES[k // 10]} taken for {NAMES[k % 10]}: {off.flat[k]:.2f}")


def options() -> argparse.Namespace:
    """Return what was asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    option = parser.add_argument
    folder = os.environ.get("COURSEKIT_DATA")
    option("--real", type=Path, default=folder, help="the real set (default: COURSEKIT_DATA)")
    option("--part", choices=["train", "t10k"], default="t10k", help="of the real set, to test on")
    option("--standin", type=Path, default=STANDIN, help="the stand-in (default: data/standin)")
    option("--seeds", type=int, default=3, help="how many networks to train (default: 3)")
    option("--epochs", type=int, default=5, help="over the training part (default: 5)")
    option("--rate", type=float, default=0.01, help="peak learning rate (default: 0.01)")
    option("--top", type=int, default=12, help="how many confusions to print (default: 12)")
    return parser.parse_args()


def main() -> None:
    """Train on the stand-in with each seed; test on its own test part and on the real one."""
    args = options()
    torch.set_num_threads(1)
    x, y = load(args.standin, "train")
    models = [train(x, y, args.epochs, args.rate, seed) for seed in range(args.seeds)]
    tests = {"stand-in test": args.standin} | ({"real test": args.real} if args.real else {})
    print(f"{len(x)} images, {args.epochs} epochs, {args.seeds} seeds, peak rate {args.rate}")
    for name, root in tests.items():
        part = args.part if root == args.real else "t10k"
        report(name, [confusion(m, *load(root, part)) for m in models], args.top)
    brief = [train(x, y, 2, args.rate, seed) for seed in range(args.seeds)]
    own = load(args.standin, "t10k")
    report("stand-in test after 2 epochs", [confusion(m, *own) for m in brief], 0)


if __name__ == "__main__":
    main()
