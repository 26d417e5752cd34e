"""Grades many submissions at once with nbgrader's own steps: `coursekit grade`.

`nursery` is a process that has imported everything once; from it a process is forked for each
submission (`worker`), and from that one the kernels in which its cells run (`kernels`).
"""
