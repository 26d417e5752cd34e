"""The helper package of the course: what the lessons use and do not teach.

Importing it is light. Ask for the module that you need: `from coursekit import ops`.
"""

__version__ = "0.1.0"
