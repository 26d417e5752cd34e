"""Ten kinds of garment, drawn from random proportions."""
