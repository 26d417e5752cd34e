"""Train the detector with which lesson 1 opens, on drawings of an X and of what is none: a minute.

The same seed draws the same drawings. Writes data/board/: weights.pt, a state_dict; record.json,
how it was trained, how it does on drawings held out, and on the board.
"""

import io
import json
from pathlib import Path

import checksums
import torch

from coursekit.examples.board import survives
from coursekit.examples.detectors import learned
from coursekit.examples.strokes import drawings, network
from coursekit.training import evaluate, fit

HERE = Path(__file__).parent
DRAWN, HELD_OUT = 40_000, 4_000
TRAIN_SEED, TEST_SEED = 20261126, 20261127
RECIPE = {"num_epochs": 12, "learning_rate": 0.005, "weight_decay": 0.01, "seed": 0}


def main() -> None:
    """Train it, and write what came of it."""
    torch.manual_seed(0)
    model = network()
    fit(model, drawings(DRAWN, seed=TRAIN_SEED), **RECIPE)
    accuracy = evaluate(model, drawings(HELD_OUT, seed=TEST_SEED)).accuracy
    wrong = [name for name, right in survives(learned(model)).items() if not right]
    record = {
        "drawings": DRAWN,
        "held out": HELD_OUT,
        "recipe": RECIPE,
        "accuracy on drawings held out": round(accuracy, 4),
        "wrong on the board": wrong,
    }
    stream = io.BytesIO()
    torch.save(model.state_dict(), stream)
    text = json.dumps(record, indent=2) + "\n"
    files = {Path("board/weights.pt"): stream.getvalue(), Path("board/record.json"): text.encode()}
    (HERE / "board").mkdir(exist_ok=True)
    for path, data in files.items():
        (HERE / path).write_bytes(data)
    checksums.record(HERE, files)
    print(text)


if __name__ == "__main__":
    main()
