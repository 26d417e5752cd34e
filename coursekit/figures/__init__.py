"""Every figure of the course: tensors in, a matplotlib Figure out.

A figure's title states what was found. Its description says the same for someone who cannot see
it, and is what a notebook stores as text.
"""

from coursekit.figures.animation import LessonAnimation
from coursekit.figures.canvas import LessonFigure, panels, pixels
from coursekit.figures.channels import channel_sum, colour_planes, train_and_eval, volume
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
from coursekit.figures.networks import activations, network_shapes, times
from coursekit.figures.padding import padding_modes, vanishing_borders, window_settings
from coursekit.figures.pooling import (
    gradient_routes,
    leftovers,
    pooled_maps,
    reading_counts,
    which_pool,
)
from coursekit.figures.separating import neuron, regions
from coursekit.figures.shifting import detections, shifted_detector
from coursekit.figures.sliding import correlation, feature_maps, filmstrip, pictures, row_profile
from coursekit.figures.striding import (
    padded_correlation,
    receptive_fields,
    strided_animation,
    strided_filmstrip,
)

__all__ = [
    "LessonAnimation",
    "LessonFigure",
    "activations",
    "channel_sum",
    "class_sheet",
    "colour_planes",
    "confusion_matrix",
    "correlation",
    "descent_animation",
    "descents",
    "detections",
    "ending",
    "errors",
    "feature_maps",
    "filmstrip",
    "gradient_routes",
    "learning",
    "leftovers",
    "loss_contours",
    "match_maps",
    "matrices",
    "network_shapes",
    "neuron",
    "padded_correlation",
    "padding_modes",
    "panels",
    "pictures",
    "pixels",
    "pooled_maps",
    "reading_counts",
    "receptive_fields",
    "regions",
    "row_profile",
    "shifted_detector",
    "start_question",
    "strided_animation",
    "strided_filmstrip",
    "times",
    "train_and_eval",
    "training_curves",
    "vanishing_borders",
    "volume",
    "which_filter",
    "which_pool",
    "window_settings",
    "worst_mistakes",
]
