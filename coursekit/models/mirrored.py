"""A network that looks twice."""

from __future__ import annotations

from torch import Tensor, nn

__all__ = ["LooksTwice"]


class LooksTwice(nn.Module):
    """A network that is asked about each image and its mirror image, and answers with the mean.

    In training it sees what it is given, once: mirroring half the batch is the augmentation's part.
    Asking costs twice the time. For things that are the same kind of thing when mirrored.

    model: (N, C, H, W) -> logits (N, num_classes), and so does this.

    >>> import torch
    >>> reads = LooksTwice(nn.Flatten()).eval()
    >>> reads(torch.tensor([[[[1.0, 3.0]]]])).tolist()
    [[2.0, 2.0]]
    """

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, x: Tensor) -> Tensor:
        """Return a logit for each class: (N, C, H, W) -> (N, num_classes)."""
        if self.training:
            return self.model(x)
        return (self.model(x) + self.model(x.flip(3))) / 2
