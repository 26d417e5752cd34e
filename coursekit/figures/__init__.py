"""Every figure of the course: tensors in, a matplotlib Figure out.

A figure's title states what was found. Its description says the same for someone who cannot see
it, and is what a notebook stores as text.
"""

from coursekit.figures.animation import LessonAnimation
from coursekit.figures.board import detector_board
from coursekit.figures.canvas import LessonFigure, panels, pixels
from coursekit.figures.lesson1.descending import (
    descent_animation,
    descents,
    ending,
    errors,
    loss_contours,
    start_question,
)
from coursekit.figures.lesson1.propagating import propagation
from coursekit.figures.lesson1.rolling import rolling_balls
from coursekit.figures.lesson1.separating import neuron, regions
from coursekit.figures.lesson1.tasks import vision_tasks
from coursekit.figures.lesson2.matching import learning, match_maps, which_filter
from coursekit.figures.lesson2.sharing import dense_to_kernel
from coursekit.figures.lesson2.sliding import correlation, feature_maps, filmstrip, row_profile
from coursekit.figures.lesson3.padding import padding_modes, vanishing_borders, window_settings
from coursekit.figures.lesson3.striding import (
    padded_correlation,
    receptive_fields,
    strided_animation,
    strided_filmstrip,
)
from coursekit.figures.lesson4.pooling import leftovers, pooled_maps, reading_counts, which_pool
from coursekit.figures.lesson4.routing import gradient_animation, gradient_routes
from coursekit.figures.lesson4.shifting import detections, shifted_detector
from coursekit.figures.lesson5.channels import channel_sum, colour_planes, train_and_eval, volume
from coursekit.figures.lesson5.links import channel_links
from coursekit.figures.lesson5.networks import activations, network_shapes, times
from coursekit.figures.lesson5.unfolding import unfolding
from coursekit.figures.lesson6.classifying import (
    class_sheet,
    confusion_matrix,
    training_curves,
    worst_mistakes,
)
from coursekit.figures.lesson6.comparing import (
    against_first,
    gradients_by_layer,
    measured,
)
from coursekit.figures.lesson6.layers import network_picture
from coursekit.figures.lesson6.live import LiveCurves
from coursekit.figures.lesson6.looking_inside import first_kernels, maps_by_layer, own_picture
from coursekit.figures.lesson6.settings import descending_losses, wrong_settings
from coursekit.figures.lesson7.colours import (
    augmentations,
    colour_sheet,
    layer_features,
    named_pictures,
    turned_digits,
)
from coursekit.figures.lesson7.looking import heat_maps, peephole
from coursekit.figures.lesson7.transferring import (
    file_predictions,
    frozen_network,
    transfer_curve,
    worlds,
)
from coursekit.figures.side_by_side import matrices, pictures

__all__ = [
    "LessonAnimation",
    "LessonFigure",
    "LiveCurves",
    "activations",
    "against_first",
    "augmentations",
    "channel_links",
    "channel_sum",
    "class_sheet",
    "colour_planes",
    "colour_sheet",
    "confusion_matrix",
    "correlation",
    "dense_to_kernel",
    "descending_losses",
    "descent_animation",
    "descents",
    "detections",
    "detector_board",
    "ending",
    "errors",
    "feature_maps",
    "file_predictions",
    "filmstrip",
    "first_kernels",
    "frozen_network",
    "gradient_animation",
    "gradient_routes",
    "gradients_by_layer",
    "heat_maps",
    "layer_features",
    "learning",
    "leftovers",
    "loss_contours",
    "maps_by_layer",
    "match_maps",
    "matrices",
    "measured",
    "named_pictures",
    "network_picture",
    "network_shapes",
    "neuron",
    "own_picture",
    "padded_correlation",
    "padding_modes",
    "panels",
    "peephole",
    "pictures",
    "pixels",
    "pooled_maps",
    "propagation",
    "reading_counts",
    "receptive_fields",
    "regions",
    "rolling_balls",
    "row_profile",
    "shifted_detector",
    "start_question",
    "strided_animation",
    "strided_filmstrip",
    "times",
    "train_and_eval",
    "training_curves",
    "transfer_curve",
    "turned_digits",
    "unfolding",
    "vanishing_borders",
    "vision_tasks",
    "volume",
    "which_filter",
    "which_pool",
    "window_settings",
    "worlds",
    "worst_mistakes",
    "wrong_settings",
]
