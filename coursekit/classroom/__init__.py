"""What an instructor has beyond the lessons: assignments that nbgrader hands out and grades."""
