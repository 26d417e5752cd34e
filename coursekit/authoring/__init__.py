"""From the text sources in `lessons/` to what learners and instructors open.

This is the only part of coursekit that imports the Jupyter tool chain; nothing above imports it.
"""
