"""Several processes that train one model together, each with its share of every batch.

`torchrun` starts them; what keeps their weights the same is PyTorch's own DistributedDataParallel.
Alone, a process is the only worker, and nothing here costs a step anything.
"""

# Annotations stay objects in this module: DistributedDataParallel looks at those of its hook.

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch import distributed as dist
from torch.nn.parallel import DistributedDataParallel

__all__ = ["WorkerLost", "Workers", "joined"]

PATIENCE = timedelta(
    minutes=10
)  # for a worker that is alive and silent; a dead one is seen at once
LOST = ("Connection closed", "Connection reset", "Broken pipe", "Timed out", "NCCL")

Value = TypeVar("Value")


class WorkerLost(RuntimeError):
    """Another worker has ended, so that this one cannot go on."""


class Workers:
    """The processes of one training, as one of them sees it.

    rank: its own number, from 0, who speaks and writes for all. size: how many there are.
    weight: what its examples are of the batch in hand, from 0 to 1; 1.0 for one that is alone.
    """

    def __init__(self) -> None:
        together = dist.is_available() and dist.is_initialized()
        self.rank = dist.get_rank() if together else 0
        self.size = dist.get_world_size() if together else 1
        self.weight = 1.0

    def share(self, places: Tensor) -> Tensor:
        """Return this worker's part of a batch's places (N,): every size-th of them, int64 (n,)."""
        own = places[self.rank :: self.size]
        self.weight = len(own) / len(places)
        return own

    def network(self, model: nn.Module) -> nn.Module:
        """Return what is called in place of the model, so that its gradients are those of all.

        Its weights are from now on those of the first worker, in every one.
        """
        if self.size == 1:
            return model
        with _seen():
            network = DistributedDataParallel(model)
            network.register_comm_hook(self, _mean_over_examples)
        return network

    def agree(self, model: nn.Module) -> None:
        """Give every worker the first one's buffers, such as batch norm's running means."""
        if self.size > 1:
            with _seen():
                for buffer in model.buffers():
                    dist.broadcast(buffer, 0)

    def total(self, *numbers: Tensor | float) -> list[float]:
        """Return each number, (), summed over the workers."""
        sums = torch.stack([torch.as_tensor(number).double().cpu() for number in numbers])  # (k,)
        if self.size > 1:
            return [sum(column) for column in zip(*self.gathered(sums.tolist()), strict=True)]
        return sums.tolist()

    def gathered(self, value: Value) -> list[Value]:
        """Return each worker's value, in the order of their ranks."""
        values: list[Value] = [value] * self.size
        if self.size > 1:
            with _seen():
                dist.all_gather_object(values, value)
        return values

    def from_first(self, make: Callable[[], Value]) -> Value:
        """Return what `make` returns in the first worker; raise in all what it raises there."""
        if self.size == 1:
            return make()
        held: list[object] = [None]
        if self.rank == 0:
            try:
                held = [make()]
            except Exception as error:
                held = [error]
        with _seen():
            dist.broadcast_object_list(held, 0)
        if isinstance(held[0], Exception):
            raise held[0]
        return held[0]


@contextmanager
def joined(device: torch.device) -> Iterator[Workers]:
    """Give the workers that `torchrun` has started, this process among them; alone without it.

    device: of this process. On GPUs each worker takes the one of its place on the machine.
    Raises WorkerLost from the block where another worker has ended.
    """
    if not dist.is_available() or not dist.is_torchelastic_launched():
        yield Workers()
        return
    if device.type == "cuda":  # "cuda" means this one from now on
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo", timeout=PATIENCE)
    try:
        with _seen():
            yield Workers()
    finally:
        dist.destroy_process_group()


@contextmanager
def _seen() -> Iterator[None]:
    """Turn what the back end raises where a worker is gone into WorkerLost."""
    try:
        yield
    except RuntimeError as error:
        if isinstance(error, WorkerLost) or not any(word in str(error) for word in LOST):
            raise
        raise WorkerLost("another worker has ended, and so does this one") from error


def _mean_over_examples(workers: Workers, bucket: dist.GradBucket) -> torch.futures.Future[Tensor]:
    """Return the gradient of the whole batch, for the parameters in the bucket.

    A mean over the workers would count the examples of a smaller share for more: the last batch of
    an epoch may not divide. So each gradient is weighted by its share, and they are summed.
    """
    weighted = bucket.buffer().mul_(workers.weight)  # (M,), all gradients of the bucket in a row
    summed = dist.all_reduce(weighted, async_op=True).get_future()
    return summed.then(lambda done: done.value()[0])
