"""What a notebook has set reaches no figure, no check and no training."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from sampling import some

from coursekit import figures, ops, training
from coursekit.exercises import check, examine, registry
from coursekit.explorer import Explorer
from coursekit.machine.settings import as_delivered


@pytest.fixture(autouse=True)
def as_before(no_progress):
    """Put back whatever a test has set."""
    rc = dict(mpl.rcParams)
    with torch.inference_mode(False), torch.enable_grad(), np.errstate():
        yield
    dict.update(mpl.rcParams, rc)
    torch.set_default_dtype(torch.float32)
    torch.set_default_device(None)
    torch.use_deterministic_algorithms(False)
    torch.set_autocast_enabled("cpu", False)


SETTINGS = {
    "dtype": lambda: torch.set_default_dtype(torch.float64),
    "half": lambda: torch.set_default_dtype(torch.bfloat16),
    "gradients": lambda: torch.set_grad_enabled(False),
    "device": lambda: torch.set_default_device("meta"),
    "deterministic": lambda: torch.use_deterministic_algorithms(True),
    "autocast": lambda: torch.set_autocast_enabled("cpu", True),
    "numpy": lambda: np.seterr(all="raise"),
    "style": lambda: plt.style.use("dark_background"),
    "usetex": lambda: mpl.rcParams.update({"text.usetex": True, "font.size": 40, "figure.dpi": 30}),
}
IMAGE, KERNEL = torch.arange(20.0).reshape(4, 5), torch.ones(2, 2)


def drawn():
    return figures.pictures({"a": IMAGE}, says="A ramp."), Explorer(IMAGE, KERNEL).still()


@pytest.fixture(scope="module")
def as_delivered_drawn():
    return [figure.png() for figure in drawn()]


@pytest.mark.parametrize("put", SETTINGS.values(), ids=SETTINGS)
def test_figures_and_the_explorer_are_drawn_as_ever(as_delivered_drawn, put):
    put()
    assert [figure.png() for figure in drawn()] == as_delivered_drawn


@pytest.mark.parametrize("put", SETTINGS.values(), ids=SETTINGS)
def test_training_goes_as_ever(put):
    model = torch.nn.Linear(2, 2)
    model.load_state_dict({"weight": torch.eye(2), "bias": torch.zeros(2)})
    data = torch.tensor([[1.0, 0.0], [0.0, 1.0]] * 4), torch.tensor([0, 1] * 4)
    put()
    history = training.fit(model, data, num_epochs=1)
    assert round(history.loss[0], 4) == 0.3133


# One whose reference draws random numbers, two that learn, one with a network, one on programs.
@pytest.mark.parametrize(
    "id", some(["1.2", "6.3", "6.10", "6.11", "2.2"], {"1.2", "6.10"}.__contains__)
)
@pytest.mark.parametrize("name", ["dtype", "gradients", "device", "numpy"])
def test_checks_judge_as_ever(id, name):
    SETTINGS[name]()
    exercise = registry.exercise(id)
    assert examine(id, getattr(exercise, "reference", None) or exercise.answer).status == "correct"


def test_what_is_set_is_the_notebooks_again_afterwards():
    SETTINGS["dtype"]()
    SETTINGS["gradients"]()
    SETTINGS["style"]()
    face = mpl.rcParams["axes.facecolor"]
    with as_delivered():
        assert (torch.get_default_dtype(), torch.is_grad_enabled()) == (torch.float32, True)
        torch.set_default_dtype(torch.float16)
    assert (torch.get_default_dtype(), torch.is_grad_enabled()) == (torch.float64, False)
    assert mpl.rcParams["axes.facecolor"] == face == "black"


def settles(x, kernel):
    torch.set_default_dtype(torch.float64)
    torch.set_grad_enabled(False)
    np.seterr(all="raise")
    plt.style.use("dark_background")
    torch.manual_seed(0)
    return ops.corr2d(x, kernel)


def test_what_an_answer_sets_stays_in_it(tmp_path):
    drawn = torch.rand(1, generator=torch.Generator().manual_seed(1))
    torch.manual_seed(1)
    assert check("2.2", settles).status == "correct"
    assert torch.equal(torch.rand(1), drawn)
    assert (torch.get_default_dtype(), torch.is_grad_enabled()) == (torch.float32, True)
    assert mpl.rcParams["axes.facecolor"] == "white"
    assert np.geterr()["over"] == "warn"


def test_what_is_as_delivered_is_not_said_again(monkeypatch):
    """To say so to PyTorch imports its compiler, which is two seconds of a learner's first check."""
    monkeypatch.setattr(torch, "use_deterministic_algorithms", lambda *args, **kwargs: 1 / 0)
    with as_delivered():
        pass
    monkeypatch.undo()
