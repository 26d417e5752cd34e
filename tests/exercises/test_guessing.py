"""Guesses, and the warm-up with which a lesson begins."""

from random import Random

import pytest

from coursekit.exercises import guess, progress, registry, reveal, warm_up
from coursekit.exercises.guessing import read, told
from coursekit.exercises.model import Guess
from coursekit.exercises.reading import same
from coursekit.exercises.warming import _latest, chosen

NUMBER = Guess(id="2.n", answer=400, because="Four hundred.", near=50, slips={-400: "A sign."})
SHAPE = Guess(id="2.s", answer=(4, 7), because="Sizes.")
LETTER = Guess(id="2.l", answer="A", because="So.", options={"A": "the X", "B": "the plus"})
GUESSES = registry.guesses().values()
RECALLS = registry.recalls().values()


@pytest.mark.parametrize("answer", ["A", "a", "(a)", "the X", " A "])
def test_a_letter_is_read_in_many_ways(answer):
    assert read(LETTER, answer) == "A"


@pytest.mark.parametrize("answer", [400, 400.0, "400", [400], "400."])
def test_a_number_is_read_in_many_ways(answer):
    assert read(NUMBER, answer) == 400


@pytest.mark.parametrize(
    ("question", "answer"), [(NUMBER, "many"), (SHAPE, 4), (LETTER, "Z"), (LETTER, 3), (NUMBER, {})]
)
def test_what_is_no_guess_is_not_read(question, answer):
    assert read(question, answer) is None


def test_the_answer_says_how_the_guess_did():
    assert told(NUMBER, None) == "The answer: 400. Four hundred."
    assert told(NUMBER, 400) == "You guessed 400, and so it is. Four hundred."
    assert told(NUMBER, 420) == "You guessed 420, and that is near; it is 400. Four hundred."
    assert told(NUMBER, -400) == "You guessed -400; it is 400. Four hundred. A sign."
    assert told(LETTER, "B") == "You guessed B, the plus; it is A, the X. So."


def test_the_last_guess_counts_and_no_exercise_is_attempted(no_progress, capsys):
    assert str(guess("2.crossing")).startswith("Your guess first: A, B or C")
    reveal("2.crossing")
    assert capsys.readouterr().out.startswith("The answer: B, both letters.")
    assert "Guess A, B or C; this is" in str(guess("2.crossing", 7))
    guess("2.crossing", "C")
    assert str(guess("2.crossing", "A")).startswith("You guess A, the X alone.")
    reveal("2.crossing")
    assert capsys.readouterr().out.startswith("You guessed A, the X alone; it is B")
    assert progress.summary() == {}


def test_numbers_may_come_without_brackets(no_progress):
    assert str(guess("2.step", 0, 2, 4, 2, 0)).startswith("You guess (0, 2, 4, 2, 0).")
    comma = " ".join(str(guess("1.second", 1, 35)).split())
    assert comma == (
        "Guess a number; this is 2 things in a tuple. A decimal number has a point, as in 0.5."
    )
    assert "point" not in str(guess("2.crossing", "A", "B"))
    assert "point" not in str(guess("2.step", 1, 35))


def test_a_share_lies_between_nothing_and_all(no_progress):
    assert str(guess("7.probe", "60 %")) == str(guess("7.probe", 0.6))
    assert str(guess("7.probe", 1)).startswith("You guess 1.")
    for none in (60, -0.1, "60", 1.01):
        assert str(guess("7.probe", none)).startswith("Guess a share from 0 to 1, such as 0.6")


def test_an_answer_is_broken_between_words(no_progress, capsys):
    guess("2.level", "B")
    reveal("2.level")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 1
    assert max(map(len, lines)) <= 100
    assert " ".join(lines) == told(registry.guess("2.level"), "B")


@pytest.mark.parametrize("call", [guess, reveal])
def test_an_unknown_guess_is_named(call):
    with pytest.raises(ValueError, match=r"^id is '2\.nothing'; .*2\.crossing"):
        call("2.nothing")


@pytest.mark.parametrize("question", GUESSES, ids=[g.id for g in GUESSES])
def test_a_guess_is_whole(question):
    assert read(question, question.answer) is not None
    assert not question.options or question.answer in question.options
    for slip in question.slips:
        assert not same(read(question, slip), question.answer)


@pytest.mark.parametrize("recall", RECALLS, ids=[r.id for r in RECALLS])
def test_a_warm_up_question_holds_for_all_its_numbers(recall):
    drawn = [recall.ask(Random(seed)) for seed in range(40)]
    assert recall.id.startswith(f"{recall.lesson}.")
    for question in drawn:
        assert question.asks.endswith("?")
        assert question.because
        test_a_guess_is_whole(question)
    assert len({question.asks for question in drawn}) >= 3
    for id in recall.about:
        assert registry.exercise(id).lesson == recall.lesson


def right(lesson):
    """Return the answers of the questions that were asked last."""
    return [registry.recalls()[id].ask(Random(f"{id} {nth}")).answer for id, nth in _latest(lesson)]


def test_a_warm_up_asks_answers_and_asks_anew(no_progress):
    first = warm_up(7)
    assert str(warm_up(7)) == str(first)
    answers = right(7)
    told = " ".join(str(warm_up(7, *answers)).split())
    assert "? You say" in told, "the question stands there still"
    assert "; it is" not in str(warm_up(7, *answers))
    assert str(warm_up(7)) != str(first)
    assert progress.summary() == {}


def test_what_was_missed_comes_back_with_other_numbers(no_progress):
    missed = str(warm_up(2))
    assert "; it is" in str(warm_up(2, -99, (-99, -99), -99))
    again = warm_up(3)
    assert [id for id, _ in _latest(3)] == [id for id, _ in _latest(2)]
    assert str(again).replace("warm_up(3", "warm_up(2") != missed
    assert "; it is" not in str(warm_up(3, *right(3)))
    assert "; it is" in str(warm_up(2, *right(3))), "what was told there stays as it was"


def test_what_was_missed_comes_first(no_progress):
    fixed = [recall.id for recall in chosen(7)]
    last = next(iter(registry.recalls().values())).id
    progress.record(last, progress.MISSED, "1")
    assert chosen(7)[0].id == last
    progress.record(last, progress.RECALLED, "2")
    assert [recall.id for recall in chosen(7)] == fixed


def test_open_and_unreadable_answers_finish_nothing(no_progress):
    count = len(chosen(7))
    warm_up(7)
    page = str(warm_up(7, "what?", *["..."] * (count - 1)))
    assert "this is" in page
    assert "(open)" in page
    assert "put ... for one" in " ".join(str(warm_up(7, 1)).split()) or count == 1
    assert [a.status for a in progress.attempts("7.warm-up")] == ["asked"]


@pytest.mark.parametrize("lesson", [1, 0, "2", 2.5])
def test_there_is_no_warm_up_before_the_second_lesson(lesson):
    with pytest.raises((ValueError, TypeError), match=r"^lesson is "):
        warm_up(lesson)
