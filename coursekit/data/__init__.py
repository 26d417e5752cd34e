"""Pictures as tensors in memory, and where they came from.

Fashion-MNIST, the course's photograph, a folder of one's own, and ResNet-18's published weights:
found, verified, or fetched.
"""

from coursekit.data.cat import photograph
from coursekit.data.fashion import CLASSES, ImageSet, fashion_mnist, normalise
from coursekit.data.folder import image_folder
from coursekit.data.idx import DataError

__all__ = [
    "CLASSES",
    "DataError",
    "ImageSet",
    "fashion_mnist",
    "image_folder",
    "normalise",
    "photograph",
]
