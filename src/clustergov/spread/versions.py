"""Which program does the work: versions and sources, so that two that may differ in their numbers are told apart."""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Callable
from functools import cache, partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

LIBRARIES = ("numpy", "scipy", "pandas", "statsmodels")


@cache
def versions() -> dict[str, str]:
    """Versions of what numbers depend on, in this process: Python, the libraries, and the sources of this package."""
    found = {"python": ".".join(platform.python_version_tuple()[:2])}
    for library in LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = "none"
    return found | {"clustergov sources": _sources()}


def fingerprint(work: Callable[..., Any]) -> str:
    """A hash of `versions`, and of the file that the work stands in."""
    while isinstance(work, partial):
        work = work.func
    file = getattr(sys.modules.get(getattr(work, "__module__", "")), "__file__", None)
    own = Path(file).read_bytes() if file else b""
    return hashlib.sha256(repr(sorted(versions().items())).encode() + own).hexdigest()


def _sources() -> str:
    folder = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
