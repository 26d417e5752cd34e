"""Pictures as tensors in memory, and where they came from.

Fashion-MNIST, the course's photograph, ants and bees, a folder of one's own, and published weights:
found, verified, or fetched.
"""

from coursekit.data.cat import photograph
from coursekit.data.fashion import CLASSES, ImageSet, fashion_mnist, normalise
from coursekit.data.folder import image_folder
from coursekit.data.idx import DataError
from coursekit.data.tutorial import ants_and_bees

__all__ = [
    "CLASSES",
    "DataError",
    "ImageSet",
    "ants_and_bees",
    "fashion_mnist",
    "image_folder",
    "normalise",
    "photograph",
]
