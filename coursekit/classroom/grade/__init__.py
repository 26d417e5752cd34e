"""Grades many submissions at once with nbgrader's own steps: `coursekit grade`.

From a process that has imported everything once (`authoring.kernels`) one is forked for each
submission (`worker`), and from that one the kernels in which its cells run.
"""
