"""Attributes of cases and documents: what is declared of them once, so that codings can be compared by it."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field

from clustergov.casestudies.codebook import duplicates, missing_languages
from clustergov.language import Text
from clustergov.problems import InputError, Problem
from clustergov.yaml_file import Entry, Place, Positions, load
from clustergov.yaml_file import read as read_yaml

AttributeValue = str | int | float | bool

_EXPECTED = {
    "text": "a text", "number": "a number, with a decimal point", "date": "a date such as 2015-09-10, 2015-09 or 2015",
    "yes/no": "yes or no",
}  # fmt: skip


class Attribute(Entry):
    """One attribute.

    Attributes
    ----------
    of : {"case", "document"}
    type : {"text", "number", "date", "yes/no"}
        A date may be a day, a month or a year, as it is known.
    values : tuple of str
        The only texts that are allowed, in the order in which they are shown; empty: any.
    """

    attribute: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    of: Literal["case", "document"]
    name: Text
    type: Literal["text", "number", "date", "yes/no"] = "text"
    values: tuple[str, ...] = ()


class AttributeList(Entry):
    """The file ``attributes.yml`` beside the codebook."""

    attributes: tuple[Attribute, ...]


def read_attributes(path: Path | str, *, languages: tuple[str, ...] = ()) -> tuple[Attribute, ...]:
    """Read the declared attributes.

    Raises
    ------
    InputError
        With every mistake in the file.
    """
    listed, positions = read_yaml(path, AttributeList, wanted="attributes of cases and documents")
    codes = [
        (("attributes", i, "attribute"), f"{found.of}/{found.attribute}") for i, found in enumerate(listed.attributes)
    ]
    problems = [*duplicates(positions, list(codes), "attribute"), *missing_languages(listed, positions, languages)]
    for index, found in enumerate(listed.attributes):
        if found.values and found.type != "text":
            problems.append(
                positions.problem(("attributes", index, "values"), "attribute-values",
                                  f"only texts have a list of values, “{found.attribute}” is a {found.type}.", "Leave it out.")
            )  # fmt: skip
    if problems:
        raise InputError(problems)
    return listed.attributes


def typed(attribute: Attribute, value: AttributeValue) -> AttributeValue | None:
    """A value as its attribute declares it; None when it is none of that type.

    Returns
    -------
    str, float, bool or None
        A date stays text, in the form year-month-day as far as known.
    """
    text = str(value).strip()
    if attribute.type == "number":
        return None if isinstance(value, bool) else _number(text)
    if attribute.type == "yes/no":
        return {"yes": True, "no": False, "true": True, "false": False, "ja": True, "nee": False}.get(text.casefold())
    if attribute.type == "date":
        return text if _is_date(text) else None
    return text if text and (not attribute.values or text in attribute.values) else None


def attribute_problems(
    values: Mapping[str, AttributeValue], of: str, declared: tuple[Attribute, ...], path: Path, place: Place
) -> list[Problem]:
    """A problem per value that is not declared or not of its type; nothing where a study declares no attributes at all.

    Parameters
    ----------
    path, place
        The file in which the values stand, and where in it; it is only opened again when there is something to tell.
    """
    known = {attribute.attribute: attribute for attribute in declared if attribute.of == of}
    wrong = [name for name, value in values.items() if name not in known or typed(known[name], value) is None]
    if not declared or not wrong:
        return []
    _, positions = load(path)
    return [_problem(name, values[name], of, known, positions, (*place, name)) for name in wrong]


def _problem(
    name: str, value: AttributeValue, of: str, known: Mapping[str, Attribute], positions: Positions, place: Place
) -> Problem:
    if name not in known:
        return positions.problem(
            place, "unknown-attribute", f"attributes.yml declares no attribute “{name}” of a {of}.",
            f"Declare it, or name one of: {', '.join(known) or '(none)'}.",
        )  # fmt: skip
    expected = " or ".join(known[name].values) or _EXPECTED[known[name].type]
    return positions.problem(place, "attribute-value", f"“{name}” expects {expected}, found “{value}”.", "Write it so.")


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _is_date(text: str) -> bool:
    if not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text):
        return False
    try:
        datetime.date.fromisoformat(text + "2000-01-01"[len(text) :])
    except ValueError:
        return False
    return True
