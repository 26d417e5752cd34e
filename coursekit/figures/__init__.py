"""Every figure of the course: tensors in, a matplotlib Figure out.

A figure's title states what was found. Its description says the same for someone who cannot see
it, and is what a notebook stores as text.
"""

from coursekit.figures.canvas import LessonFigure, panels, pixels
from coursekit.figures.channels import colour_planes, train_and_eval, volume
from coursekit.figures.classifying import (
    class_sheet,
    confusion_matrix,
    training_curves,
    worst_mistakes,
)
from coursekit.figures.matching import learning, match_maps, matrices, which_filter
from coursekit.figures.networks import activations, network_shapes, times
from coursekit.figures.sliding import correlation, feature_maps, filmstrip, pictures, row_profile

__all__ = [
    "LessonFigure",
    "activations",
    "class_sheet",
    "colour_planes",
    "confusion_matrix",
    "correlation",
    "feature_maps",
    "filmstrip",
    "learning",
    "match_maps",
    "matrices",
    "network_shapes",
    "panels",
    "pictures",
    "pixels",
    "row_profile",
    "times",
    "train_and_eval",
    "training_curves",
    "volume",
    "which_filter",
    "worst_mistakes",
]
