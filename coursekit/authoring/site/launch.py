"""Addresses at which a lesson opens on somebody else's machine, from where the course is kept."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

__all__ = ["Launch"]

GITHUB = "github.com"


@dataclass(frozen=True)
class Launch:
    """Where the course is kept, and a JupyterHub that pulls it; both may be missing.

    repository: an address such as https://example.org/owner/name. hub: that of a JupyterHub with
    nbgitpuller. branch: what is opened.
    Raises ValueError where an address is none.
    """

    repository: str = ""
    hub: str = ""
    branch: str = "main"

    def __post_init__(self) -> None:
        for name in ("repository", "hub"):
            value = getattr(self, name).removesuffix("/").removesuffix(".git")
            parts = urlsplit(value)
            if value and (parts.scheme not in ("http", "https") or not parts.hostname):
                raise ValueError(
                    f"{name} is {value!r}; expected an address such as https://example.org/owner/name"
                )
            object.__setattr__(self, name, value)
        if self.hub and not self.repository:
            raise ValueError("hub is given without a repository; expected the one that it pulls")
        if self.repository and not urlsplit(self.repository).path.strip("/"):
            raise ValueError(
                f"repository is {self.repository!r}; expected a path, such as /owner/name"
            )

    def of(self, path: str) -> dict[str, str]:
        """Return the name of each place -> its address, for a file of the course."""
        if not self.repository:
            return {}
        made = {"Binder": self._binder(path)}
        if urlsplit(self.repository).hostname == GITHUB:
            made["Colab"] = (
                f"https://colab.research.google.com/github/{self._owned}/blob/{self.branch}/{path}"
            )
        if self.hub:
            made["JupyterHub"] = self._pulled(path)
        return made

    def file(self, path: str) -> str:
        """Return the address of a file of the course, or "" where it is not known."""
        return f"{self.repository}/blob/{self.branch}/{quote(path)}" if self.repository else ""

    @property
    def _owned(self) -> str:
        return urlsplit(self.repository).path.strip("/")

    def _binder(self, path: str) -> str:
        kept = f"gh/{self._owned}"
        if urlsplit(self.repository).hostname != GITHUB:
            kept = f"git/{quote(self.repository, safe='')}"
        where = quote(f"lab/tree/{path}", safe="")
        return f"https://mybinder.org/v2/{kept}/{quote(self.branch, safe='')}?urlpath={where}"

    def _pulled(self, path: str) -> str:
        name = self._owned.rpartition("/")[2]
        query = {
            "repo": self.repository,
            "branch": self.branch,
            "urlpath": f"lab/tree/{name}/{path}",
        }
        return f"{self.hub}/hub/user-redirect/git-pull?{urlencode(query)}"
