"""The course as a static site: lessons, pages of docs and the reference, opened from a folder.

`writing` puts it together. A lesson's page comes from its committed notebook (`lesson_page`), which
is not executed again: its guesses are answered in the page (`questions`), its explorers are alive
(`explorers`). Sphinx makes the pages, with the theme furo; `links` looks for what leads nowhere.
"""

from coursekit.authoring.site.writing import Site, write

__all__ = ["Site", "write"]
