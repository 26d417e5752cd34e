"""Kernels that start in a tenth of a second: forked from a process that has PyTorch imported."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import shutil
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import uuid4

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner

__all__ = ["ForkingKernelManager", "ForkingProvisioner", "Zygote", "serve"]

LAUNCHER = ["-m", "ipykernel_launcher"]
MOST_FDS = 4096
PR_SET_PDEATHSIG = 1  # of Linux
KILLED = -signal.SIGKILL


class Zygote:
    """A process that forks kernels and knows nothing that they are not to know, from outside."""

    def __init__(self, line: socket.socket, pid: int | None = None) -> None:
        """Speak to the process at the other end of the line; pid: where it is a child of ours."""
        self.lost, self.pid = False, pid  # lost: whether a cell has ended it
        self._line = line.makefile("rwb")
        line.close()  # the file keeps it open

    @classmethod
    def forked(cls) -> Zygote:
        """Fork it from here. The caller must not have read what a kernel is not to know."""
        here, there = socket.socketpair()
        pid = os.fork()
        if not pid:
            here.close()
            serve(there)
        there.close()
        return cls(here, pid)

    def close(self) -> None:
        """Let it end, and its kernels with it."""
        with contextlib.suppress(OSError):
            self._line.close()
        if self.pid:
            os.waitpid(self.pid, 0)

    def ask(self, **request: Any) -> int | None:
        """Return its answer; where it has been killed, what a killed kernel would give."""
        try:
            self._line.write(json.dumps(request).encode() + b"\n")
            self._line.flush()
            return json.loads(self._line.readline())
        except (OSError, ValueError):
            self.lost = True
            return KILLED


class Forked:
    """A kernel's process, with what jupyter_client asks of a Popen."""

    stdin = stdout = stderr = None

    def __init__(self, zygote: Zygote, argv: Sequence[str], cwd: str, env: dict[str, str]) -> None:
        self._zygote, self.returncode = zygote, None
        self.pid = zygote.ask(start=list(argv), cwd=cwd, env=env) or 0
        if self.pid <= 0:
            raise OSError("a cell ended the process that starts its kernels")

    def poll(self) -> int | None:
        """Return the exit status, or None while it runs."""
        if self.returncode is None:
            self.returncode = self._zygote.ask(poll=self.pid)
            if self._zygote.lost:
                _end(self.pid)  # nobody else does
        return self.returncode

    def wait(self) -> int | None:
        """Return the exit status of a kernel that has ended."""
        return self.poll()

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel alone."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)

    terminate = kill


class ForkingProvisioner(LocalProvisioner):
    """jupyter_client's way to start a kernel, with a fork in place of a new Python."""

    zygote: Zygote

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start an ipykernel of this Python by a fork; every other as ever."""
        if cmd[0] != sys.executable or [a for a in cmd[1:] if a[:2] != "-X"][:2] != LAUNCHER:
            return await super().launch_kernel(cmd, **kwargs)
        self.cwd = kwargs.get("cwd") or str(Path.cwd())
        argv = cmd[cmd.index(LAUNCHER[1]) :]
        self.process = Forked(self.zygote, argv, str(self.cwd), dict(kwargs["env"]))
        self.pid = self.pgid = self.process.pid
        return self.connection_info


class ForkingKernelManager(AsyncKernelManager):
    """A kernel manager whose kernels are forked, and talk over files: ports could collide."""

    zygote: Zygote

    async def _async_pre_start_kernel(self, **kw: Any) -> Any:
        self._folder = mkdtemp(prefix="coursekit-kernel-")  # only its owner can enter
        self.transport, self.ip = "ipc", f"{self._folder}/k"
        self.connection_file = f"{self._folder}/kernel.json"
        self.kernel_id = self.kernel_id or str(uuid4())
        self.provisioner = ForkingProvisioner(
            kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self
        )
        self.provisioner.zygote = self.zygote
        return await super()._async_pre_start_kernel(**kw)

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        await super()._async_cleanup_resources(restart=restart)
        shutil.rmtree(self._folder, ignore_errors=True)

    cleanup_resources = _async_cleanup_resources


def serve(line: socket.socket) -> None:
    """Fork kernels until whoever asks is gone; then end what is left of them, and this process."""
    _die_with_parent()
    kernels: set[int] = set()
    try:
        for request in line.makefile("rb"):
            line.sendall(json.dumps(_answer(json.loads(request), kernels)).encode() + b"\n")
    finally:
        for pid in kernels:
            _end(pid)
            os.waitpid(pid, 0)
        os._exit(0)


def _answer(request: dict[str, Any], kernels: set[int]) -> int | None:
    if "start" in request:
        pid = os.fork()
        if not pid:
            _be_a_kernel(request["start"], request["cwd"], request["env"])
        kernels.add(pid)
        return pid
    pid = request["poll"]
    if pid not in kernels:
        return KILLED
    found, status = os.waitpid(pid, os.WNOHANG)
    if not found:
        return None
    kernels.discard(pid)
    _end(pid)  # what it has started
    return os.waitstatus_to_exitcode(status)


def _end(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except OSError:
        return


def _be_a_kernel(argv: list[str], cwd: str, env: dict[str, str]) -> None:
    """Become what `python -m ipykernel_launcher` would be, with no line to anyone else open."""
    status = 1
    try:
        os.setsid()
        _die_with_parent()
        nothing = os.open(os.devnull, os.O_RDWR)
        for fd in range(3):
            os.dup2(nothing, fd)
        os.closerange(3, MOST_FDS)
        os.environ.clear()
        os.environ.update(env)
        os.chdir(cwd)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.argv = argv
        _run(argv)
        status = 0
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 1
    finally:
        os._exit(status)


def _die_with_parent() -> None:
    """Let Linux end this process with the one that forked it: no kernel is left behind."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _run(argv: list[str]) -> None:
    import numpy as np
    import torch
    from ipykernel.kernelapp import IPKernelApp

    np.random.seed()  # noqa: NPY002  as in a new process, or all would draw the same
    torch.default_generator.seed()
    parent = f"--IPKernelApp.parent_handle={os.getppid()}"  # it ends where that one has
    IPKernelApp.launch_instance(argv=[*argv[1:], parent])
