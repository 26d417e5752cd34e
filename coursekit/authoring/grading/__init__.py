"""The course for nbgrader: its assignments, and what makes its grading hold.

`export` writes the course. nbgrader_config.txt, which goes with it, puts `restore` and `execute` in
the place of nbgrader's own steps.
"""
