"""Every figure of the course: tensors in, a matplotlib Figure out.

A figure's title states what was found. Its description says the same for someone who cannot see
it, and is what a notebook stores as text.
"""

from coursekit.figures.animation import LessonAnimation
from coursekit.figures.canvas import LessonFigure, panels, pixels
from coursekit.figures.classifying import (
    class_sheet,
    confusion_matrix,
    training_curves,
    worst_mistakes,
)
from coursekit.figures.descending import (
    descent_animation,
    descents,
    ending,
    errors,
    loss_contours,
    start_question,
)
from coursekit.figures.matching import learning, match_maps, matrices, which_filter
from coursekit.figures.separating import neuron, regions
from coursekit.figures.sliding import correlation, feature_maps, filmstrip, pictures, row_profile

__all__ = [
    "LessonAnimation",
    "LessonFigure",
    "class_sheet",
    "confusion_matrix",
    "correlation",
    "descent_animation",
    "descents",
    "ending",
    "errors",
    "feature_maps",
    "filmstrip",
    "learning",
    "loss_contours",
    "match_maps",
    "matrices",
    "neuron",
    "panels",
    "pictures",
    "pixels",
    "regions",
    "row_profile",
    "start_question",
    "training_curves",
    "which_filter",
    "worst_mistakes",
]
