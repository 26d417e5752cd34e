"""`coursekit exercises`."""

from __future__ import annotations

import argparse

HELP = "the exercises, and what they recognise; which wrong answers have no name yet"
UNNAMED = (
    "in place of that: group the answers without a name that are kept in these copies of the "
    "lessons, or in folders of copies, by what they do, and draft a misconception for each. The "
    "answers are RUN, shut in so that they reach no file and no network; still, take copies of "
    "people whom you teach, not of anyone"
)

MUTANTS = (
    "in place of that: write faults into every reference by rule, and count those that a check "
    "takes for a right answer; minutes"
)

ASKED = (
    "in place of that: the questions with numbers of their own that this learner of an exported "
    "course was asked, with their answers and what known mistakes give"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add one lesson's number, and the folders to learn from."""
    parser.add_argument("lesson", nargs="?", type=int, metavar="N", help="of lesson N only")
    parser.add_argument("--mutants", action="store_true", help=MUTANTS)
    parser.add_argument("--unnamed", nargs="+", metavar="DIR", help=UNNAMED)
    parser.add_argument("--asked-of", metavar="ID", help=ASKED)
    parser.add_argument(
        "--course",
        metavar="DIR",
        default=".",
        help="for --asked-of, the exported course; else here",
    )


def run(options: argparse.Namespace) -> int:
    """Print what the exercises recognise; 1 below all of it. Or what they do not yet."""
    if options.mutants:
        return _mutants(options.lesson)
    if options.asked_of is not None:
        from coursekit.classroom.own_questions import questions

        print(questions(options.course, options.asked_of, options.lesson))
        return 0
    if options.unnamed:
        from coursekit.exercises.unnamed import report as unnamed
        from coursekit.machine.paths import folder

        print(unnamed.report([folder("DIR", each) for each in options.unnamed], options.lesson))
        return 0
    from coursekit.exercises import report
    from coursekit.machine.console import print_table

    table, all_recognised = report.table(options.lesson)
    print_table(table)
    return 0 if all_recognised else 1


def _mutants(lesson: int | None) -> int:
    from rich.table import Table

    from coursekit.authoring.mutation import measure
    from coursekit.exercises.model import FunctionExercise
    from coursekit.exercises.report import selected
    from coursekit.machine.console import print_table, progress_bar

    functions = [e for e in selected(lesson) if isinstance(e, FunctionExercise)]
    table = Table("exercise", "mutants", "differ", "caught", box=None, pad_edge=False)
    counts = [0, 0, 0]
    with progress_bar("exercises", len(functions)) as advance:
        for exercise in functions:
            tally = measure(exercise)
            row = [tally.written, tally.differing, tally.differing - len(tally.survivors)]
            table.add_row(exercise.id, *map(str, row))
            counts = [total + number for total, number in zip(counts, row, strict=True)]
            advance()
    table.add_row("all", *map(str, counts))
    print_table(table)
    return int(counts[1] != counts[2])
