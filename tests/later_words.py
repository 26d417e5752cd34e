"""The words that a lesson introduces: before it no page of the course says them to a learner."""

import re

# A word, by the lesson in which it is explained; what a lesson only announces is not forbidden there.
INTRODUCED = {
    "feature map": 2, "padd": 2, "kernel": 2, "correlation": 2,
    "stride": 3, "dilat": 3, "receptive field": 3, "channel": 3,
    "pooling": 4, "pooled": 4, "invarian": 4,
    "batch norm": 5, "dropout": 5, "depthwise": 5, "im2col": 5, "state_dict": 5,
    "softmax": 6, "cross-entropy": 6, "early stopping": 6, "confusion matrix": 6,
    "pretrained": 7, "fine-tun": 7, "backbone": 7, "linear probe": 7,
}  # fmt: skip


def later_words(lesson, text):
    """Return the words in the text that are explained after the lesson."""
    return [
        word
        for word, introduced in INTRODUCED.items()
        if introduced > lesson and re.search(rf"\b{re.escape(word)}", text, re.IGNORECASE)
    ]
