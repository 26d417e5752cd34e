"""Run a lesson's cells twice each, and each as after a restart: `python reruns.py NUMBER SECONDS`.

Each check says that the solution is correct. The second time a cell shows what it showed the first
time, where the same random numbers are drawn.

A cell finds what the imports cell makes and what the cells make that a NameError would name, no
more. Above so many seconds it is not run again: it trains.
"""

import re
import sys
import time

import torch
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from coursekit.authoring.lesson import find_lessons
from coursekit.exercises import unrun
from coursekit.machine.paths import course_folder

COUNT = re.compile(r"^Out\[\d+\]: ", re.MULTILINE)  # of the cells that were run
ASKED = re.compile(r"check\(")
ASKS = re.compile(r"check|guess|warm_up")  # a cell that says how often it was asked


class Reruns:
    """A shell, and the cells of a lesson with their solutions."""

    def __init__(self, number, slow):
        lesson = {lesson.number: lesson for lesson in find_lessons(course_folder("lessons"))}[
            number
        ]
        code = [c for c in lesson.notebook(solutions=True).cells if c.cell_type == "code"]
        self.cells = [unrun.Cell(cell.id, cell.source, "") for cell in code]
        self.makes = [unrun.names(cell.source)[1] for cell in self.cells]
        self.slow, self.took, self.counts = slow, {}, dict.fromkeys(("twice", "alone", "helped"), 0)
        self.shell = InteractiveShell.instance()
        unrun.tell_which_cells()  # as the imports do where there is a shell before them
        self.values = {}  # name -> what the lesson last made of it

    def run(self, cell, how):
        """Run a cell and return what it showed, as text; end with what went wrong."""
        torch.manual_seed(0)
        began = time.perf_counter()
        with capture_output() as shown:
            ran = self.shell.run_cell(cell.source, store_history=True)
        self.took.setdefault(cell.id, time.perf_counter() - began)
        if not ran.success:
            sys.exit(f"cell {cell.id}, {how}: {ran.error_in_exec or ran.error_before_exec!r}")
        if ASKED.match(cell.source) and ran.result.status != "correct":
            sys.exit(f"cell {cell.id}, {how}: the solution is met with\n{ran.result}")
        return f"{COUNT.sub('', shown.stdout)}{ran.result}"

    def leave(self, *names):
        """Let the shell know of what the lesson has made these names alone, and the imports."""
        for name in set().union(*self.makes):
            self.shell.user_ns.pop(name, None)
        known = self.makes[0].union(*names)
        self.shell.user_ns.update({n: v for n, v in self.values.items() if n in known})

    def keep(self, place):
        held = self.shell.user_ns
        self.values.update({name: held[name] for name in self.makes[place] if name in held})

    def after_a_restart(self, place):
        """Run the cells that help would name, or take what they made where that is long."""
        first = unrun.lacking(self.cells, place, self.cells[place].source, self.makes[0])
        if sum(self.took[cell.id] for cell in first) < self.slow / 2:
            self.leave()
            for cell in first:
                self.run(cell, f"for {self.cells[place].id}, after a restart")
        else:
            self.leave(*(self.makes[self.cells.index(cell)] for cell in first))
        return first

    def alone(self, cell, first):
        """Run a cell behind the imports alone: it works, or is told what to run first."""
        if not first:  # as it was run before
            self.counts["alone"] += 1
            return
        self.leave()
        ran = self.shell.run_cell(cell.source, store_history=True)
        if ran.success:
            self.counts["alone"] += 1
            return
        said = getattr(ran.error_in_exec, "__notes__", [])
        if not (first and isinstance(ran.error_in_exec, NameError) and said):
            sys.exit(f"cell {cell.id}, alone: {ran.error_in_exec!r}, help: {said}")
        self.counts["helped"] += 1

    def all(self):
        self.run(self.cells[0], "once")
        self.keep(0)
        for place, cell in enumerate(self.cells[1:], 1):
            first = self.after_a_restart(place)
            once = self.run(cell, "once")
            self.keep(place)
            if self.took[cell.id] < self.slow:
                again = self.run(cell, "again")
                if again != once and not ASKS.match(cell.source):
                    sys.exit(f"cell {cell.id} shows once:\n{once}\nand again:\n{again}")
                self.counts["twice"] += 1
                self.alone(cell, first)
        print(*(f"{name} {count}" for name, count in self.counts.items()), sep="\n")


if __name__ == "__main__":
    Reruns(int(sys.argv[1]), float(sys.argv[2])).all()
