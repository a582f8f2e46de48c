"""GUIDs: the same for the same thing at every export, and compared without braces and capitals."""

from __future__ import annotations

import re
import uuid

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://clustergov.example/refi-qda")
_FORM = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def stable(*parts: str) -> str:
    """The GUID (version 5) of a thing that these parts name: its study, what it is, and its codes."""
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join(parts)))


def canonical(written: str | None) -> str:
    """A GUID as it is compared: lower case, without braces; empty when it does not have the form of one."""
    text = (written or "").strip().strip("{}").lower()
    return text if _FORM.fullmatch(text) else ""
