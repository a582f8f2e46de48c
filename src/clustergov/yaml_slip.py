"""Slips that make a file no YAML: where they begin, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from clustergov.problems import Problem

FORBIDDEN = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that YAML does not have."""
_VALUE = re.compile(r"^(?P<lead>\s*(?:- +)*)(?P<key>[^\s:\"'{\[#-][^:\"'{\[]*?):\s+(?P<value>\S.*?)\s*$")
_OWN_MEANING = "%@`*&!|>{["
GENERAL = "Look at the indentation, colons and quotes on this line and the one above."

Found = tuple[int, int, str, str]
"""Line and column from 1, what is wrong, what to do."""


def forbidden_character(text: str) -> Found | None:
    """The first character that YAML does not have."""
    found = FORBIDDEN.search(text)
    if found is None:
        return None
    line, column = text.count("\n", 0, found.start()) + 1, found.start() - text.rfind("\n", 0, found.start())
    fix = "Remove it; it does not show in most editors, so write the line anew if need be."
    return line, column, f"found the control character U+{ord(found[0]):04X}", fix


def slip(text: str, error: yaml.MarkedYAMLError) -> Found:
    """What a person most likely did where the parser cannot go on."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.splitlines() or [""]
    for guess in _guesses(text, lines, line, column, error):
        return guess
    return line + 1, column + 1, str(error.problem or error.context), GENERAL


def _guesses(text: str, lines: list[str], line: int, column: int, error: yaml.MarkedYAMLError) -> Iterator[Found]:
    said, doing = error.problem or "", error.context or ""
    opened = error.context_mark
    yield from _tabs(lines, line)
    if opened is not None and "quoted scalar" in doing and "escape" not in said:
        yield opened.line + 1, opened.column + 1, "a quotation mark is opened here and never closed", "Close it."
    if "escape" in said:
        fix = "Put the text between single quotes, or write the backslash twice."
        yield line + 1, column + 1, "a backslash between double quotes has a meaning of its own", fix
    yield from _after_quotes(text, lines, line, column)
    shown = lines[line] if line < len(lines) else ""
    value = _VALUE.match(shown)
    if value and value["value"][0] in _OWN_MEANING and _broken_by(value["value"], said):
        what = f"a text that is not quoted cannot begin with {value['value'][0]}"
        yield line + 1, value.start("value") + 1, what, _quoted(value)
    if "mapping values are not allowed" in said:
        if value and re.search(r":(\s|$)", value["value"]):
            what = "a text with “: ” in it is not quoted"
            yield line + 1, column + 1, what, _quoted(value)
        fix = "Begin it in the same column as the key above it, and let each key stand on a line of its own."
        yield line + 1, column + 1, "a key stands deeper than the one above it, which has a value already", fix
    if opened is not None and "flow" in doing:
        begun = lines[opened.line] if opened.line < len(lines) else ""
        bracket = begun[opened.column : opened.column + 1]
        closing = {"[": "]", "{": "}"}.get(bracket, "the bracket")
        fix = f"Close it with {closing} or add the comma that is missing; put a text with , : {{ or [ between quotes."
        what = f"the {bracket or 'bracket'} on line {opened.line + 1} is not closed when this comes"
        yield line + 1, column + 1, what, fix


def _tabs(lines: list[str], line: int) -> Iterator[Found]:
    for number in (line, line - 1):
        found = re.match(r" *(?:- *)?\t", lines[number]) if 0 <= number < len(lines) else None
        if found:
            yield number + 1, found.end(), "a tab indents this line", "Use spaces, not tabs."


def _broken_by(value: str, said: str) -> bool:
    """Whether a value that begins like this is what the parser stumbled over; a bracket only when closed too early."""
    closing = {"[": "]", "{": "}"}.get(value[0])
    if closing is None:
        return True
    return closing in value[:-1] and not value.endswith(closing) and "flow" not in said


def _quoted(value: re.Match[str]) -> str:
    inner = value["value"].replace("\\", "\\\\").replace('"', '\\"')
    return f'Put this text between double quotes: {value["key"]}: "{_short(inner)}".'


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"


def _after_quotes(text: str, lines: list[str], line: int, column: int) -> Iterator[Found]:
    """What follows a quoted text that was closed too early, or was opened lines before."""
    token = _last_quoted(text, line, column)
    if token is None or line >= len(lines):
        return
    start, end = token.start_mark, token.end_mark
    rest = lines[line][end.column :] if end.line == line else ""
    if end.line != line or not rest.strip() or rest.lstrip()[0] in ",}]:#":
        return
    if start.line < end.line:
        what = f"a quotation mark is opened here and closed only on line {end.line + 1}"
        yield start.line + 1, start.column + 1, what, "Close it where the text ends."
    elif token.style == "'" and rest[0].isalnum():
        what = "an apostrophe ends the text between single quotes"
        fix = "Put the text between double quotes, or write the apostrophe twice: ''."
        yield line + 1, end.column, what, fix
    else:
        whole = lines[line][start.column :].rstrip()
        quoted = "'" + whole.replace("'", "''") + "'"
        yield (
            line + 1,
            end.column + 1,
            "more follows a quoted text",
            f"Put the whole in single quotes: {_short(quoted)}",
        )


def _last_quoted(text: str, line: int, column: int) -> yaml.ScalarToken | None:
    """The quoted text that ends last before a position."""
    last: yaml.ScalarToken | None = None
    try:
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            if (token.start_mark.line, token.start_mark.column) >= (line, column):
                break
            if isinstance(token, yaml.ScalarToken) and token.style in ("'", '"'):
                last = token
    except yaml.YAMLError:
        pass
    return last


def as_problem(found: Found, file: str) -> Problem:
    line, column, what, fix = found
    return Problem("yaml-syntax", f"this is not YAML: {what}.", fix, file=file, line=line, column=column)
