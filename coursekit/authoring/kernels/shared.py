"""Forked kernels for all processes of a test run, from one process that has imported PyTorch."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import threading
from importlib.metadata import EntryPoint
from pathlib import Path
from tempfile import mkdtemp

from jupyter_client.provisioning import KernelProvisionerFactory

from coursekit.authoring.kernels.forking import ForkingProvisioner, Zygote
from coursekit.authoring.kernels.nursery import Nursery

__all__ = ["Lender", "borrow"]

DOOR = "COURSEKIT_KERNELS"  # the file through which the processes of the run come in
NAME = "coursekit-forking"
WORK = "coursekit.authoring.kernels.forking:serve"


class Lender:
    """Lends forked kernels to this process and those that it starts, until it is closed."""

    def __init__(self) -> None:
        """Start the process from which they are forked, and say in the environment where."""
        self._folder = Path(mkdtemp(prefix="coursekit-kernels-"))  # only its owner can enter
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(self._folder / "door"))
        self._door.listen()
        self._nursery = Nursery(WORK)
        os.environ[DOOR] = str(self._folder / "door")
        threading.Thread(target=self._let_in, daemon=True).start()

    def _let_in(self) -> None:
        with contextlib.suppress(OSError, ValueError):  # closed, or no nursery any more
            while True:
                with self._door.accept()[0] as line:
                    self._nursery.admit(line)

    def close(self) -> None:
        """Let the process end once those who borrowed have ended, and leave nothing behind."""
        os.environ.pop(DOOR, None)
        self._door.shutdown(socket.SHUT_RDWR)  # accept returns
        self._door.close()
        shutil.rmtree(self._folder)
        self._nursery.close()


def borrow() -> Zygote | None:
    """Fork the kernels of this process from now on, where somebody lends; close what comes back."""
    if DOOR not in os.environ:
        return None
    line = socket.socket(socket.AF_UNIX)
    line.connect(os.environ[DOOR])
    ForkingProvisioner.zygote = Zygote(line)
    entry = f"{ForkingProvisioner.__module__}:{ForkingProvisioner.__name__}"
    factory = KernelProvisionerFactory.instance()
    factory.provisioners[NAME] = EntryPoint(NAME, entry, factory.GROUP_NAME)
    factory.default_provisioner_name = NAME
    return ForkingProvisioner.zygote
