"""The functions that a lesson goes on with, and the file in which they reach later lessons."""

import linecache
import textwrap
import time
from itertools import count

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from coursekit import ops
from coursekit.exercises import answers, catalogue, check, own, progress
from coursekit.exercises.judging.carrying import carried
from coursekit.exercises.judging.own import Own
from coursekit.exercises.model import FunctionExercise
from coursekit.machine.settings import PICTURES

X, KERNEL = torch.arange(12.0).reshape(3, 4), torch.tensor([[1.0, 2]])
NUMBERS = count()
IMPORTS = "import math\nimport torch\nfrom torch.nn import functional as F\n"
RIGHT = """
    def corr2d(x, kernel):
        H, W = x.shape
        kH, kW = kernel.shape
        out = torch.zeros(H - kH + 1, W - kW + 1)
        for i in range(H - kH + 1):
            for j in range(W - kW + 1):
                out[i, j] = (x[i : i + kH, j : j + kW] * kernel).sum()
        return out
"""


def written(source, **names):
    """Return the namespace of a notebook in whose cell the source was run."""
    file, text = f"<cell {next(NUMBERS)}>", textwrap.dedent(source)
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    namespace = {"__name__": "__main__", **names}
    exec(IMPORTS, namespace)
    exec(compile(text, file, "exec"), namespace)
    return namespace


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A learner's copy, with the current folder inside it."""
    (tmp_path / ".coursekit").mkdir()
    monkeypatch.chdir(tmp_path)
    progress.forget()
    yield tmp_path / answers.FILE
    progress.forget()


def test_the_course_goes_on_until_the_answer_is_right(no_progress, capsys):
    stub = written("def corr2d(x, kernel): ...")["corr2d"]
    wrong = written("def corr2d(x, kernel): return x")["corr2d"]
    for answer in (stub, wrong, ..., None):
        found = own("2.2", answer)
        assert not found.yours
        assert torch.equal(found(X, KERNEL), ops.corr2d(X, KERNEL))
    assert len(set(capsys.readouterr().out.splitlines())) == 2
    mine = written(RIGHT)["corr2d"]
    found = own("2.2", mine)
    assert found.yours
    assert found.function is mine
    assert found.whose == "your corr2d"
    assert torch.equal(found(X, KERNEL), ops.corr2d(X, KERNEL))


def test_a_cell_that_is_run_again_changes_nothing(no_progress):
    wrong = written("def corr2d(x, kernel): return x")["corr2d"]
    once = own("2.2", wrong)
    assert own("2.2", once).answer is wrong
    assert check("2.2", once).status == "wrong"
    assert check("2.2", own("2.2", ...)).status == "unattempted"


def test_every_course_function_is_right():
    for exercise in catalogue():
        if isinstance(exercise, FunctionExercise) and exercise.course is not None:
            assert check(exercise.id, exercise.course).status == "correct"


@pytest.mark.parametrize("id", ["2.1", "2.9", "9.9", 2])
def test_what_is_no_function_cannot_go_on(id):
    with pytest.raises(ValueError, match=r"^id is .*2\.2"):
        own(id, ...)


def test_an_answer_that_raises_on_a_larger_input_hands_over(no_progress, capsys):
    mine = written(
        RIGHT.replace("H, W = x.shape", "H, W = x.shape\n        assert x.numel() < 999, 'large'")
    )["corr2d"]
    found = own("2.2", mine)
    large = torch.rand(40, 40)
    assert torch.equal(found(large, KERNEL), ops.corr2d(large, KERNEL))
    assert not found.yours
    said = capsys.readouterr().out
    assert "on an input of 40×40 and 1×2 yours raised AssertionError (large)" in said


def test_an_input_that_suits_neither_leaves_the_learners_function_in_its_place(no_progress, capsys):
    corr2d = own("2.2", written(RIGHT)["corr2d"])
    for _ in range(2):
        with pytest.raises(ValueError, match=r"^kernel \(3, 4\) is larger than x \(1, 2\)"):
            corr2d(KERNEL, X)
    wrong = "def convolve2d(x, kernel): return corr2d(x, kernel.T)"
    said = str(check("2.5", written(wrong, corr2d=corr2d)["convolve2d"]))
    assert "Transposing swaps rows with columns" in " ".join(said.split())
    assert corr2d.yours
    assert "goes on." not in capsys.readouterr().out


@pytest.mark.parametrize("body", ["n += 1", "\n            try: n += 1\n            except: pass"])
def test_an_answer_that_takes_too_long_hands_over(body, capsys, monkeypatch):
    monkeypatch.setattr("coursekit.exercises.judging.own.SECONDS", 0.2)
    slow = written(f"def f(x):\n    n = 0\n    while n < 10**8:\n        {body.lstrip(' ')}")["f"]
    found = Own("f", answer=slow, mine=slow, course=lambda x: x + 1)
    assert found(1) == 2
    assert not found.yours
    assert "worked for more than 0.2 seconds" in capsys.readouterr().out
    for _ in range(20):  # nothing strikes afterwards
        time.sleep(0.02)


def test_gradients_and_changes_in_place_are_the_callers(no_progress):
    found = Own("f", answer=None, mine=lambda x: x.mul_(2), course=lambda x: x)
    x = torch.ones(3, requires_grad=True)
    y = x * 1
    found(y).sum().backward()
    assert x.grad.tolist() == [2, 2, 2]


def test_an_answer_in_which_the_gradient_is_lost_hands_over(no_progress, capsys):
    by_numpy = """
        def cross_entropy(logits, labels):
            y = logits.detach().double().numpy()
            y = y - y.max(axis=1, keepdims=True)
            logs = y - np.log(np.exp(y).sum(axis=1, keepdims=True))
            return -logs[np.arange(len(labels)), labels.numpy()].mean()
    """
    found = own("6.2", written(by_numpy, np=np)["cross_entropy"])
    logits, labels = torch.zeros(2, 10), torch.tensor([3, 4])
    found(logits, labels)
    assert found.yours, "where no gradient is wanted, it is as good as any"
    found(logits.requires_grad_(), labels).backward()
    assert logits.grad is not None
    assert not found.yours
    assert (
        "cross_entropy: on an input of 2×10 and 2 yours leaves autograd" in capsys.readouterr().out
    )


def test_a_result_without_a_gradient_of_its_own_stays_the_learners(no_progress):
    body = "def accuracy(logits, labels): return (logits.argmax(1) == labels).float().mean()"
    found = own("6.4", written(body)["accuracy"])
    found(torch.eye(3, requires_grad=True), torch.tensor([0, 1, 1]))
    assert found.yours


def test_a_list_or_an_array_that_check_accepts_goes_on_as_a_tensor(no_progress):
    mine = written(
        "def corr2d(x, kernel): return slow(x, kernel).double().numpy()", slow=ops.corr2d
    )
    found = own("2.2", mine["corr2d"])
    assert found.yours
    assert torch.equal(found(X, KERNEL), ops.corr2d(X, KERNEL))


def test_an_answer_reaches_later_lessons_as_source(copy, capsys):
    check("2.2", written(RIGHT)["corr2d"])
    progress.forget()
    found = own("2.2")
    assert found.yours
    assert torch.equal(found(X, KERNEL), ops.corr2d(X, KERNEL))
    assert "Your corr2d from lesson 2 goes on here." in capsys.readouterr().out
    text = copy.read_text()
    compile(text, "my_answers.py", "exec")
    assert "import torch\n" in text
    assert str(copy) not in text


def test_a_section_changed_by_hand_is_neither_run_nor_lost(copy):
    check("2.2", written(RIGHT)["corr2d"])
    copy.write_text(copy.read_text().replace("return out", "open('ran', 'w')\n    return out"))
    assert not own("2.2").yours
    check(
        "2.5", written("def convolve2d(x, kernel):\n    return torch.from_numpy(x)")["convolve2d"]
    )
    assert check("2.5", convolution()).status == "correct"
    assert "open('ran'" in copy.read_text()
    assert not (copy.parent / "ran").exists()
    assert own("2.5").yours
    check("2.2", written(RIGHT)["corr2d"])
    assert own("2.2").yours


def convolution():
    source = """
        def convolve2d(x, kernel):
            return F.conv2d(x[None, None] * 1.0, kernel.flip(0, 1)[None, None] * 1.0)[0, 0]
    """
    return written(source)["convolve2d"]


def test_a_damaged_file_is_set_aside(copy):
    copy.write_bytes(b"\xff\xfe broken \x00")
    assert not own("2.2").yours
    outcome = check("2.2", written(RIGHT)["corr2d"])
    assert "is set aside as my_answers_damaged.py" in " ".join(str(outcome).split())
    assert (copy.parent / "my_answers_damaged.py").read_bytes().startswith(b"\xff\xfe")
    assert own("2.2").yours


def test_wrong_answers_and_those_outside_a_copy_are_not_kept(copy, tmp_path_factory, monkeypatch):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    check("2.2", written("def corr2d(x, kernel): return x")["corr2d"])
    assert not copy.exists()
    monkeypatch.chdir(elsewhere)
    check("2.2", written(RIGHT)["corr2d"])
    assert not copy.exists()
    assert not list(elsewhere.iterdir())


def test_sections_follow_their_exercises(copy):
    check("2.2", written(RIGHT)["corr2d"])
    answers.rename({"2.2": "2.3"}, copy.parent / ".coursekit")
    assert answers.kept("2.2") is None
    assert answers.kept("2.3") is not None


def test_what_a_function_needs_comes_along():
    helper = """
        SCALE = 2

        def double(x):
            return x * SCALE

        def answer(x: "Tensor", power=SCALE):
            return [math.sqrt(F.relu(double(v)) ** power) for v in x]
    """
    namespace = written(helper)
    text = carried(namespace["answer"])
    assert "import torch\n" not in text
    assert "import math\n" in text
    assert "SCALE = 2\n" in text
    alone = {}
    exec(text, alone)
    x = torch.tensor([1.0, 4])
    assert alone["answer"](x) == namespace["answer"](x) == [2.0, 8.0]


@pytest.mark.parametrize(
    "source",
    [
        "answer = lambda x: x",
        "weight = torch.ones(3)\ndef answer(x): return x * weight",
        "def make(n):\n    def inner(x): return x * n\n    return inner\nanswer = make(2)",
        "from functools import cache\n@cache\ndef answer(x): return x",
    ],
    ids=["lambda", "a tensor of the notebook", "closure", "decorated"],
)
def test_what_cannot_come_along_stays(source):
    assert carried(written(source)["answer"]) == ""


def test_a_function_that_the_lesson_goes_on_with_comes_along(no_progress):
    corr2d = own("2.2", written(RIGHT)["corr2d"])
    mine = written("def answer(x, k):\n    return corr2d(x, k)", corr2d=corr2d)["answer"]
    alone = {}
    exec(carried(mine), alone)
    assert torch.equal(alone["answer"](X, KERNEL), ops.corr2d(X, KERNEL))


def corr2d_and_more(x, kernel, times=1):
    """Right, and with an argument that the course's does not have."""
    return times * F.conv2d(x[None, None].float(), kernel[None, None].float())[0, 0]


def test_where_nothing_is_drawn_the_courses_comes_first_and_the_learners_where_it_raises(
    monkeypatch, capsys
):
    monkeypatch.setenv(PICTURES, "words")
    x, kernel = torch.ones(3, 3), torch.ones(2, 2)
    function = own("2.2", corr2d_and_more)
    assert capsys.readouterr().out == "The course’s corr2d goes on here, where nothing is drawn.\n"
    assert function(x, kernel).tolist() == [[4, 4], [4, 4]]
    assert not function.yours
    assert function(x, kernel, 3).tolist() == [[12, 12], [12, 12]]
    assert function.yours


def test_where_nothing_is_drawn_a_wrong_answer_is_never_gone_on_with(monkeypatch):
    monkeypatch.setenv(PICTURES, "words")
    function = own("2.2", lambda x, kernel, times=1: x)
    for _ in range(2):
        with pytest.raises(TypeError):
            function(torch.ones(3, 3), torch.ones(2, 2), 3)
