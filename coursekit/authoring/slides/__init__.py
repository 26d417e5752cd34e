"""A lesson as one HTML file of slides: offline, with notes and minutes for the speaker."""

from coursekit.authoring.slides.deck import Deck, Slide, deck
from coursekit.authoring.slides.page import html

__all__ = ["Deck", "Slide", "deck", "html"]
