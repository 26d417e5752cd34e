"""Kernels without the seconds in which each would import PyTorch, for tests and for grading.

`nursery` is a process that has imported everything once; `forking` forks kernels from it, and
`shared` lends them to the processes of a test run.
"""
