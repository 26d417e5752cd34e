"""The helper package of the course: what the lessons use and do not teach.

Importing it is light. Ask for the module that you need: `from coursekit import ops`.
"""

import sys as _sys

from coursekit.moved import Forwarder as _Forwarder

__version__ = "0.1.0"

_sys.meta_path.insert(0, _Forwarder())
