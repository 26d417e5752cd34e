"""The same step for one submission, as a task of a Dask cluster."""

from __future__ import annotations

import threading
from typing import Any

from coursekit.classroom.grade.pool import Graders
from coursekit.classroom.grade.submissions import Submission

__all__ = ["Cluster"]

SECONDS = 15  # until a scheduler that does not answer is given up
_LOCK = threading.Lock()
_HERE: list[Graders] = []  # of a worker, started with its first submission


class Cluster:
    """Grades one submission a call, on a worker that sees the course under the same path."""

    def __init__(self, address: str, jobs: int | None = None) -> None:
        """Connect. jobs: how many at a time; else as many as the workers have threads.

        Raises ValueError where `distributed` is missing, or nobody answers at the address.
        """
        try:
            from distributed import Client
        except ModuleNotFoundError as error:
            raise ValueError("--scheduler needs the package `distributed`, Dask's own") from error
        try:
            self._client = Client(address, timeout=SECONDS)
        except (OSError, ValueError) as error:
            raise ValueError(
                f"--scheduler is {address!r}, where no scheduler answers ({error}); "
                "expected one like tcp://HOST:8786"
            ) from error
        threads = sum(self._client.nthreads().values())
        if not threads:
            self._client.close()
            raise ValueError(f"--scheduler is {address!r}, which has no workers; start some first")
        self.jobs = jobs or threads

    def grade(self, submission: Submission) -> dict[str, Any]:
        """Return {"score", "max_score"}, or {"error": what went wrong}."""
        try:
            return self._client.submit(_grade, submission.to_json(), pure=False).result()
        except Exception as error:  # a worker that was lost, a task that was cancelled
            return {"error": f"the cluster could not grade it ({error})"}

    def stop(self) -> None:
        """Begin no other; what is at work on a worker ends there, and is recorded."""
        self._client.close()

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: Any) -> None:
        self.stop()


def _grade(parts: dict[str, str]) -> dict[str, Any]:
    """Grade a submission here, on a worker, in a process of its own."""
    with _LOCK:
        if not _HERE:
            _HERE.append(Graders())
    return _HERE[0].grade(Submission.from_json(parts))
