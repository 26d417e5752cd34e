"""Small drawn cases that lessons take apart: drawings, points, a volume in numbers, a detector."""
