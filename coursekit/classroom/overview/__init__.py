"""What a class misunderstood: read from its notebooks, told on one page."""
