"""The form in which files of codings are written: plain YAML that a person can edit, and that is read fast if none did.

PyYAML needs some 50 µs a line with the position of every value. A file in exactly this form is read by one regular
expression instead; a file in any other form is left to the exact reader, which gives the same values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import yaml

from clustergov.yaml_file import parse_text
from clustergov.yaml_slip import forbidden_character

OPENING = "codings:\n"


@dataclass(frozen=True, slots=True)
class Lines:
    """One coding as its lines say it; the keys of a file of codings."""

    concept: str
    polarity: str | None = None
    at: str = ""
    start: int | None = None
    end: int | None = None
    exact: str = ""
    before: str = ""
    after: str = ""
    memo: Mapping[str, str] | None = None


class NotCanonicalError(Exception):
    """The text is not in the form that we write; it may well be right."""


_ENTRY = re.compile(
    r"  - concept: ([a-z][a-z0-9-]*)\n"
    r"(?:    polarity: (supports|qualifies|contradicts)\n)?"
    r"(?:    at: ([a-z][a-z0-9-]*)\n"
    r"|    start: (0|[1-9][0-9]{0,11})\n    end: (0|[1-9][0-9]{0,11})\n"
    r'    exact: "(.*)"\n    before: "(.*)"\n    after: "(.*)"\n)'
    r'(?:    memo:\n((?:      [a-z]{2}: ".*"\n)+))?'
)
_MEMO = re.compile(r'      ([a-z]{2}): "(.*)"\n')
_PLAIN = re.compile(r"[a-z][a-z0-9-]*")
_ESCAPE = re.compile(r'\\(?:["\\bfnrt]|u(?![dD][89a-fA-F])[0-9a-fA-F]{4})')
_DECODE = json.JSONDecoder(strict=False).decode

# Words that YAML reads as something else than text; dates begin with a digit and are no codes.
_WORDS = frozenset(("null", "true", "false", "yes", "no", "on", "off", "y", "n"))

# Line ends to YAML 1.1 but not to us, a mark of byte order, and what YAML does not have: written by their number.
_ODD = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_LINE_ENDS = re.compile("[\r\x85\u2028\u2029\ufeff]")


def quoted(text: str) -> str:
    """A text in double quotes on one line, which YAML and JSON read alike; blanks, line ends and odd characters survive."""
    return _ODD.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def scalar(text: str) -> str:
    """A code as it is, anything else in double quotes."""
    return text if _PLAIN.fullmatch(text) and text not in _WORDS else quoted(text)


class _Dumper(yaml.SafeDumper):
    """Block style with lists indented, so that a change of one entry is a change of its own lines."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text_node(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # PyYAML folds line ends, also U+0085 and U+2028, in every other style.
    style = '"' if not text.isprintable() else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text_node)


def written(head: Mapping[str, Any], codings: Iterable[Lines]) -> str:
    """The text of a file: its head, then its codings, one key a line."""
    text = yaml.dump(dict(head), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=float("inf"))
    entries = "".join(map(_entry, codings))
    return f"{text}{OPENING}{entries}" if entries else f"{text}codings: []\n"


def _entry(coding: Lines) -> str:
    lines = [f"  - concept: {scalar(coding.concept)}"]
    if coding.polarity is not None:
        lines.append(f"    polarity: {coding.polarity}")
    if coding.start is None:
        lines.append(f"    at: {scalar(coding.at)}")
    else:
        lines += [f"    start: {coding.start}", f"    end: {coding.end}", f"    exact: {quoted(coding.exact)}"]
        lines += [f"    before: {quoted(coding.before)}", f"    after: {quoted(coding.after)}"]
    if coding.memo is not None:
        lines.append("    memo:")
        lines += [f"      {scalar(language)}: {quoted(text)}" for language, text in coding.memo.items()]
    return "\n".join(lines) + "\n"


def split(text: str) -> tuple[str, list[Lines]]:
    """The head of a file, as text with an empty list of codings, and its codings.

    Raises
    ------
    NotCanonicalError
        A character of it is not as we write it.
    """
    head, opening, body = text.partition("\n" + OPENING)
    if not opening or not body or _LINE_ENDS.search(text) or forbidden_character(text) is not None:
        raise NotCanonicalError
    found: list[Lines] = []
    place = 0
    for entry in _ENTRY.finditer(body):
        if entry.start() != place:
            raise NotCanonicalError
        place = entry.end()
        found.append(_read(entry))
    if place != len(body):
        raise NotCanonicalError
    return f"{head}\ncodings: []\n", found


def remarks(text: str, file: str) -> list[str]:
    """What a person noted beside the values of a file, each with its mark, in order; it goes before everything else.

    Raises
    ------
    InputError
        The file is no YAML.
    """
    with suppress(NotCanonicalError):
        text, _ = split(text)  # whatever looks like a remark further down is somebody's words
    if "#" not in text:
        return []
    alone = [line.strip() for line in text.splitlines() if line.lstrip().startswith("#")]
    beside = [remark for _, remark in parse_text(text, file)[1].remarks()]
    return list(dict.fromkeys((*alone, *beside)))


def _read(entry: re.Match[str]) -> Lines:
    concept, polarity, at, start, end, exact, before, after, memo = entry.groups()
    if concept in _WORDS or at in _WORDS:
        raise NotCanonicalError
    kept = _memo(memo) if memo else None
    if at is not None:
        return Lines(concept, polarity, at, memo=kept)
    first, last, words = int(start), int(end), _text(exact)
    if last - first != len(words) or not words:
        raise NotCanonicalError  # a mistake, which the exact reader tells
    return Lines(concept, polarity, "", first, last, words, _text(before), _text(after), kept)


def _memo(lines: str) -> dict[str, str]:
    texts = {language: _text(text) for language, text in _MEMO.findall(lines)}
    if len(texts) != lines.count("\n") or not texts.keys().isdisjoint(_WORDS):
        raise NotCanonicalError
    if not all(text.strip() for text in texts.values()):
        raise NotCanonicalError
    return texts


def _text(inside: str) -> str:
    if "\\" not in inside:
        if '"' in inside:
            raise NotCanonicalError
        return inside
    rest = _ESCAPE.sub("", inside)
    if "\\" in rest or '"' in rest:
        raise NotCanonicalError  # an escape that only one of YAML and JSON has, or the end of the text within it
    return str(_DECODE(f'"{inside}"'))
