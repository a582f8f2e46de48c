"""Words of the coding page in its two languages, and templates that escape whatever they print."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from clustergov.language import catalogue, say

PREFIX = "coding_page."
SCRIPT = "coding_page.script."


@cache
def environment() -> Environment:
    """Templates of this package; everything that they print is escaped."""
    return Environment(
        loader=PackageLoader("clustergov.casestudies.workbench"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


@cache
def script_words(language: str) -> dict[str, str]:
    """What the script says: its sentences with their fields still open."""
    return {key.removeprefix(SCRIPT): text[language] for key, text in catalogue().items() if key.startswith(SCRIPT)}


def word(key: str, language: str, /, **values: object) -> str:
    """A sentence of the coding page."""
    return say(PREFIX + key, language, **values)


@cache
def static(name: str) -> bytes:
    """A file that the page loads: script or stylesheet.

    Raises
    ------
    FileNotFoundError
        There is none of that name.
    """
    folder = files("clustergov.casestudies.workbench") / "static"
    if name not in {item.name for item in folder.iterdir()}:
        raise FileNotFoundError(name)
    return (folder / name).read_bytes()
