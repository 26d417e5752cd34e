"""Draw the source task and train the backbone that ships with the course: about 25 minutes.

The same seed draws the same images. Writes data/backbone/: weights.pt, a state_dict in 16-bit
floats, and record.json, how it was trained and how it does on source images held out.
"""

import argparse
import json
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import checksums
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from world.kinds import SOURCE
from world.picture import picture

from coursekit.models import SmallResNet
from coursekit.training import evaluate
from coursekit.transfer.augmenting import augment
from coursekit.transfer.preprocessing import Preprocess

HERE = Path(__file__).parent
SEED = 20250301
HELD_OUT = 40  # images of each kind that training never sees
MEAN, STD = (0.45, 0.45, 0.45), (0.25, 0.25, 0.25)
BATCH = 128


def draw_kind(name: str, count: int, part: int) -> np.ndarray:
    """Return images of one source kind, uint8 (count, 3, 64, 64). part: 0 training, 1 held out."""
    rng = np.random.default_rng([SEED, part, list(SOURCE).index(name)])
    images = np.stack([picture(SOURCE[name], rng) for _ in range(count)])
    return images.transpose(0, 3, 1, 2)  # (N, C, H, W), from colour last


def draw_part(count: int, part: int, workers: int = 2) -> tuple[torch.Tensor, torch.Tensor]:
    """Return images, uint8 (N, 3, 64, 64), and labels, int64 (N,): `count` of each source kind.

    part: 0 training, 1 held out. Kinds are drawn by `workers` processes, each from its own seed.
    """
    with ProcessPoolExecutor(workers) as pool:
        names = list(SOURCE)
        kinds = list(pool.map(draw_kind, names, [count] * len(names), [part] * len(names)))
    labels = torch.arange(len(kinds)).repeat_interleave(count)
    return torch.from_numpy(np.concatenate(kinds)), labels


def train(
    images: torch.Tensor, labels: torch.Tensor, pre: Preprocess, args: argparse.Namespace
) -> nn.Module:
    """Return the trained network: AdamW in one cycle, label smoothing, every batch augmented.

    images: (N, 3, 64, 64) uint8. labels: (N,) int64. args: epochs, the peak rate, bfloat16.
    """
    epochs, rate = args.epochs, args.rate
    torch.manual_seed(SEED)
    order = torch.Generator().manual_seed(SEED)
    model = SmallResNet(len(SOURCE)).to(memory_format=torch.channels_last).train()
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=0.05)
    steps = epochs * (len(labels) // BATCH)
    cycle = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps, pct_start=0.2)
    began, seen = time.perf_counter(), 0.0
    for step in range(steps):
        if step % (len(labels) // BATCH) == 0:
            places = torch.randperm(len(labels), generator=order).split(BATCH)
        rows = places[step % (len(labels) // BATCH)]
        x = augment(pre(images[rows])).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16, enabled=args.bfloat16):
            logits = model(x)
        loss = F.cross_entropy(logits.float(), labels[rows], label_smoothing=0.1)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        cycle.step()
        seen += (logits.argmax(dim=1) == labels[rows]).double().mean().item()
        if step % 100 == 99:
            print(f"{step + 1}/{steps}: accuracy {seen / 100:.3f}, ", end="")
            print(f"{time.perf_counter() - began:.0f} s", flush=True)
            seen = 0.0
    return model.to(memory_format=torch.contiguous_format).eval()


def write(model: nn.Module, pre: Preprocess, record: dict[str, Any], folder: Path) -> None:
    """Write the weights as 16-bit floats, and the record beside them.

    Their checksums are listed where the folder is the one that ships.
    """
    folder.mkdir(parents=True, exist_ok=True)
    half = {k: v.half() if v.is_floating_point() else v for k, v in model.state_dict().items()}
    torch.save(half, folder / "weights.pt")
    facts = {"classes": list(SOURCE), "preprocess": pre.facts(), **record}
    (folder / "record.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    if folder.parent == HERE:
        files = (folder / name for name in ("weights.pt", "record.json"))
        checksums.record(HERE, {file.relative_to(HERE): file.read_bytes() for file in files})


def main() -> None:
    """Draw the source kinds, train, measure on what was held out, and write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=400, help="of each kind (default: 400)")
    parser.add_argument("--epochs", type=int, default=12, help="over all images (default: 12)")
    parser.add_argument(
        "--rate", type=float, default=2e-3, help="peak learning rate (default: 0.002)"
    )
    parser.add_argument("--threads", type=int, default=2, help="of PyTorch (default: 2)")
    parser.add_argument("--bfloat16", action="store_true", help="faster where the CPU has it")
    parser.add_argument(
        "-o", "--output", type=Path, default=HERE / "backbone", help="default: data/backbone"
    )
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    began = time.perf_counter()
    pre = Preprocess(64, 64, MEAN, STD)
    images, labels = draw_part(args.images, 0)
    held_out, held_labels = draw_part(HELD_OUT, 1)
    drawn = time.perf_counter()
    print(f"{len(labels)} images drawn in {drawn - began:.0f} s", flush=True)
    model = train(images, labels, pre, args)
    score = evaluate(model, (pre(held_out), held_labels))
    record = {
        "seed": SEED,
        "images": len(labels),
        "epochs": args.epochs,
        "peak_rate": args.rate,
        "arithmetic": "bfloat16" if args.bfloat16 else "float32",
        "held_out_images": len(held_labels),
        "held_out_accuracy": round(score.accuracy, 4),
        "seconds_drawing": round(drawn - began),
        "seconds_training": round(time.perf_counter() - drawn),
        "torch": torch.__version__.split("+")[0],
    }
    print(record)
    write(model, pre, record, args.output)


if __name__ == "__main__":
    main()
