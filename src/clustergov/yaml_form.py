"""Values of the wrong form, in words: what was expected, what was found, what to write."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

LANGUAGE_CODE = re.compile(r"[a-z]{2}(-[A-Za-z]{2,8})?")
KEYS = "keys with values (key: value)"
LIST = "a list (one line each, beginning with “- ”)"
WANTED = {
    "model_type": KEYS, "model_attributes_type": KEYS, "dict_type": KEYS, "tuple_type": LIST, "list_type": LIST,
    "string_type": "text",
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), "a number"),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), "a whole number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
}  # fmt: skip
"""By pydantic's name of the mistake."""
_KINDS: dict[type, str] = {dict: "keys with values", list: "a list"}
_TRUTH = {
    **dict.fromkeys(("ja", "waar", "wel", "yes", "oui", "vrai", "wahr", "x"), "true"),
    **dict.fromkeys(("nee", "onwaar", "niet", "no", "non", "faux", "nein", "falsch"), "false"),
}
_EXAMPLES = {
    **dict.fromkeys(("text", "title", "unit", "evidence"), "{nl: …, en: …}"),
    "code": "size", "kind": "single", "languages": "[nl, en]", "version": "1", "questionnaire": "members",
    "direction": "ascending", "options": "[{code: 1, text: {nl: ja, en: yes}}]", "items": "[first, second]",
    "minimum valid": "2", "citation": "Author (year). Title.", "formula": "staff / size * 100",
    "sections": "[{code: first, title: {nl: …, en: …}, questions: […]}]",
    "questions": "[{code: size, kind: number, text: {nl: …, en: …}}]",
}  # fmt: skip

Words = tuple[str, str]
"""What is wrong, and what to do."""


def words(detail: Mapping[str, Any], key: str) -> Words:
    """Put one mistake that pydantic found at the value of `key` into words."""
    kind, found = detail["type"], detail.get("input")
    if kind in WANTED:
        text = "text " if isinstance(found, str) and found and WANTED[kind] in (KEYS, LIST) else ""
        return f"expected {WANTED[kind]}, found {text}{_shown(found)}.", _remedy(WANTED[kind], found, key)
    if kind == "literal_error":
        return _one_of(str(detail["ctx"]["expected"]), found)
    if kind == "extra_forbidden":
        return f"the key “{key}” is not known here.", _misplaced(key)
    if kind == "missing":
        return f"the key “{key}” is missing.", f"Add it, for example: {key}: {_EXAMPLES.get(key, '…')}"
    message = str(detail["msg"]).removeprefix("Value error, ").rstrip(".")
    if isinstance(found, str | int | float | bool):
        message += f"; found {_shown(found)}"
    return f"{message}.", _text_remedy(found, key) if kind == "value_error" and "a date such as" not in message else ""


def _shown(found: Any) -> str:
    """Only the beginning: the file may be the wrong one, and hold what is nobody's business."""
    if found is None or found == "":
        return "nothing"
    if type(found) in _KINDS:
        return _KINDS[type(found)]
    text = str(found).lower() if isinstance(found, bool) else str(found)
    return f"“{text[:40]}{'…' if len(text) > 40 else ''}”"


def _one_of(expected: str, found: Any) -> Words:
    allowed = re.findall(r"'([^']*)'", expected.replace("don't", "don’t"))
    allowed = [each.replace("don’t", "don't") for each in allowed]
    if '"' in expected:  # pydantic puts what has an apostrophe between double quotes
        allowed += [each for each in re.findall(r'"([^"]*)"', expected.replace("’", "'")) if each not in allowed]
    near = get_close_matches(str(found).casefold(), allowed, n=1, cutoff=0.5)
    same = [each for each in allowed if each.casefold() == str(found).casefold()]
    fix = f"Did you mean {(same or near)[0]}?" if same or near else "Write one of these."
    one_of = "one of " if len(allowed) > 1 else ""
    return f"expected {one_of}{', '.join(allowed)}, found {_shown(found)}.", fix


def _misplaced(key: str) -> str:
    if LANGUAGE_CODE.fullmatch(key):
        return "If it is a language, indent it as deep as the other languages of its text."
    return "Check its spelling, or remove it."


def _remedy(wanted: str, found: Any, key: str) -> str:
    if wanted in ("a number", "a whole number"):
        return _number(found, whole=wanted != "a number")
    if wanted == "true or false":
        return f"Write {_TRUTH[str(found).casefold()]}." if str(found).casefold() in _TRUTH else "Write true or false."
    if wanted == LIST:
        return _list(found, key)
    if wanted == "text":
        return f'Put it between double quotes: {key}: "{found}".' if isinstance(found, int | float) else "Write a text."
    return "Write each as key: value on a line of its own, indented."


def _number(found: Any, *, whole: bool) -> str:
    text = str(found).strip().replace("\N{MINUS SIGN}", "-")
    inner = re.fullmatch(r"\D*?(-?\d+(?:[.,]\d+)?)\D*", text)
    if isinstance(found, dict | list) or inner is None:
        return f"Write {'a whole number' if whole else 'a number'} in digits, such as 10."
    number = inner[1].replace(",", ".")
    return f"Write {round(float(number)) if whole and len(number) < 15 else number}."


def _list(found: Any, key: str) -> str:
    if isinstance(found, str | int | float) and not isinstance(found, bool):
        parts = [part for part in re.split(r"[,;\s]+", str(found)) if part]
        if parts and all(re.fullmatch(r"[\w.-]{1,30}", part) for part in parts) and len(parts) <= 12:
            return f"Write: {key}: [{', '.join(parts)}]."
    return "Begin each of its parts with “- ” on a line of its own."


def _text_remedy(found: Any, key: str) -> str:
    if isinstance(found, Mapping):
        before = ""
        for name, text in found.items():
            if text is None and before:
                return f'If a text has a comma, put it between double quotes: "{str(found[before])[:40]}, {name[:40]}".'
            before = name if text is not None else before
        if not all(re.fullmatch("[a-z]{2}", str(name)) for name in found):
            return ""  # no text per language, and the message says what is wrong
        return "Write the text, or leave the language out." if found else f"Write: {key}: {{nl: …, en: …}}."
    if isinstance(found, str) and found:
        inner = found[:40].replace('"', '\\"') + ("…" if len(found) > 40 else "")
        return f'Name the language of each text, for example: {key}: {{en: "{inner}"}}.'
    return ""
