"""Execution of a notebook in a kernel of its own, as nbval and a learner would."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import nbclient
from nbformat import NotebookNode

__all__ = ["CellFailure", "execute"]

TIMEOUT = 120  # seconds a cell; a whole lesson is to stay under 60
QUIET = {"CI": "true", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}


class CellFailure(Exception):
    """A cell raised or never returned. `cell` is its id; the message says what it said."""

    def __init__(self, cell: str, source: str, error: str) -> None:
        super().__init__(f"cell {cell}: {error}")
        self.cell, self.source, self.error = cell, source, error


def execute(
    notebook: NotebookNode,
    folder: Path,
    *,
    environment: dict[str, str] | None = None,
    on_cell: Callable[[], None] = lambda: None,
) -> None:
    """Execute the notebook in place, with `folder` as working directory; keep no timing, no state.

    `on_cell` is called after each cell. Raises CellFailure at the first cell that fails.
    """
    metadata = dict(notebook.metadata)
    client = nbclient.NotebookClient(
        notebook,
        timeout=TIMEOUT,
        record_timing=False,
        coalesce_streams=True,
        shutdown_kernel="immediate",
        store_widget_state=False,
        resources={"metadata": {"path": str(folder)}},
        on_cell_executed=lambda **_: on_cell(),
    )
    try:
        client.execute(
            env={**os.environ, **QUIET, **(environment or {})},
            stderr=subprocess.DEVNULL,  # the kernel's own; a cell's stderr is an output
        )
    except nbclient.exceptions.CellExecutionError as error:
        raise _failure(notebook, f"{error.ename}: {error.evalue}") from error
    except nbclient.exceptions.CellTimeoutError as error:
        raise _failure(notebook, f"no answer within {TIMEOUT} s") from error
    except nbclient.exceptions.DeadKernelError as error:
        raise _failure(notebook, "the kernel died") from error
    finally:
        notebook.metadata = NotebookNode(metadata)
        for cell in notebook.cells:
            cell.metadata.pop("execution", None)


def _failure(notebook: NotebookNode, error: str) -> CellFailure:
    """Return the failure of the last cell that was started."""
    started = [cell for cell in notebook.cells if cell.get("execution_count")]
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    failed = [cell for cell in started if any(o.output_type == "error" for o in cell.outputs)]
    pending = [cell for cell in code if cell not in started]
    cell = (failed or pending or code)[0]
    return CellFailure(cell.id, cell.source, error)
