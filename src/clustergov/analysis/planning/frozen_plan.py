"""A plan frozen by hash: what was declared, in a form in which only its content counts, and the hash of that content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

FORMAT = 1

ResponsesThen = Literal["none", "simulation", "file"]
"""What stood where the study says its responses are when the plan was frozen, by the lock's own word."""


@dataclass(frozen=True, slots=True)
class FrozenFile:
    """One declared file.

    Attributes
    ----------
    file : str
        Relative to the study.
    sha256 : str
        Of its bytes.
    content : Any
        Parsed, so that comments, order of keys and white space do not count.
    """

    file: str
    sha256: str
    content: Any


@dataclass(frozen=True, slots=True)
class FrozenPlan:
    """What a study declared at one date.

    Attributes
    ----------
    date : str
        ISO; given by whoever froze it.
    note : str
    responses : ResponsesThen
    files : mapping of name to FrozenFile
        ``study``, ``questionnaire``, ``claims`` …; several of one kind are numbered.
    """

    date: str
    note: str
    responses: ResponsesThen
    files: Mapping[str, FrozenFile]

    @property
    def hash(self) -> str:
        """SHA-256 of date, note, what stood for responses, and all content: what is worth depositing."""
        whole = {"date": self.date, "note": self.note, "responses": self.responses,
                 "files": {name: file.content for name, file in self.files.items()}}  # fmt: skip
        return hashlib.sha256(canonical(whole).encode()).hexdigest()


def canonical(content: Any) -> str:
    """Plain data as text that is the same for the same content: keys in order, no spaces, whole numbers without a point."""
    return json.dumps(simplified(content), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def simplified(content: Any) -> Any:
    """Plain data with mappings, lists, text, numbers, true, false and nothing; 10.0 is 10."""
    match content:
        case Mapping():
            return {str(key): simplified(value) for key, value in content.items()}
        case list() | tuple():
            return [simplified(value) for value in content]
        case bool() | None:
            return content
        case int():
            return int(content)
        case float():
            return int(content) if content.is_integer() else float(content)
    return str(content)


def lock_text(plan: FrozenPlan) -> str:
    """The lock as it is written: JSON, its hash first."""
    files = {
        name: {"file": f.file, "sha256": f.sha256, "content": simplified(f.content)} for name, f in plan.files.items()
    }
    whole = {
        "format": FORMAT,
        "hash": plan.hash,
        "date": plan.date,
        "note": plan.note,
        "responses": plan.responses,
        "files": files,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def read_lock(text: str) -> tuple[FrozenPlan, str]:
    """A lock, and the hash that it claims to have.

    Raises
    ------
    ValueError
        It is no lock of ours.
    """
    whole = json.loads(text)
    try:
        if whole["format"] != FORMAT or whole["responses"] not in ("none", "simulation", "file"):
            raise ValueError("a lock of another format")
        files = {
            str(name): FrozenFile(str(entry["file"]), str(entry["sha256"]), entry["content"])
            for name, entry in whole["files"].items()
        }
        return FrozenPlan(str(whole["date"]), str(whole["note"]), whole["responses"], files), str(whole["hash"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("a lock without one of its parts") from error
