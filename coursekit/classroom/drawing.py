"""What a course draws its learners' own numbers by: a secret that stays in the course's folder.

From the secret comes, for each lesson, what its assignment draws by. That one is released with the
lesson, and tells nothing of the secret nor of the lessons that are not released yet.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from pathlib import Path

from coursekit.arguments import short
from coursekit.machine.files import write_text

__all__ = ["SECRET", "draws", "secret"]

SECRET = "variants_secret.txt"
WRITTEN = re.compile(r"[0-9a-f]{64}")
DRAWN = re.compile(r'\bdraw=\\?"[0-9a-f]+\\?"')


def secret(course: Path) -> str:
    """Return the course's secret; it is made where the course has none yet.

    Raises ValueError where it is damaged, or missing though assignments were made with it.
    """
    path = course / SECRET
    if not path.exists():
        _refuse_another(course)
        write_text(path, f"{secrets.token_hex(32)}\n")
        path.chmod(0o600)
    text = path.read_text(encoding="utf-8", errors="replace").strip()
    if not WRITTEN.fullmatch(text):
        raise ValueError(
            f"{path} holds {short(text)}; expected the 64 hexadecimal digits that it was made "
            "with: take it from a backup"
        )
    return text


def draws(secret: str, lesson: str) -> str:
    """Return what a lesson's assignment draws by: the same for the same secret."""
    return hmac.new(bytes.fromhex(secret), lesson.encode(), hashlib.sha256).hexdigest()[:16]


def _refuse_another(course: Path) -> None:
    for path in sorted((course / "source").glob("*/*.ipynb")):
        if DRAWN.search(path.read_text(encoding="utf-8", errors="replace")):
            raise ValueError(
                f"{course / SECRET} is missing, and {path.parent.name} was made with it; take it "
                "from a backup, or begin a course in another folder"
            )
