"""The types of the survey sheet, under all the names that they have had."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FormType:
    """What a row is.

    Attributes
    ----------
    kind : str
        A kind of question; or “begin group”, “end group”, “begin repeat”, “end repeat”, “calculate”, “metadata”, “setting”.
    list : str
        Its list of choices.
    other : bool
        With a free “other” answer.
    note : str
        What the kind does not say of the type; “” where it says all.
    """

    kind: str
    list: str = ""
    other: bool = False
    from_file: bool = False
    external: bool = False
    integer: bool = False
    note: str = ""


_SELECT = re.compile(
    r"(?P<command>(?:add )?select[ _](?:one|multiple|all that apply)(?:[ _]from[ _]file|[ _]external)?(?: prompt)?|select1|rank)"
    r"(?:\s+(?:from|using))?\s+(?P<list>\S+)(?P<other>\s+(?:or_other|or specify other|or other))?",
    re.I,
)
_PLACE = "a place on the map is kept as text"

TYPES: dict[str, FormType] = {
    **dict.fromkeys(("text", "string"), FormType("text")),
    **dict.fromkeys(("integer", "int"), FormType("number", integer=True)),
    "decimal": FormType("number"),
    "range": FormType("number", note="a slider"),
    "percentage": FormType("number", integer=True, note="a percentage"),
    "date": FormType("date"),
    "time": FormType("text", note="a time of day is kept as text"),
    "datetime": FormType("text", note="a date with a time is kept as text"),
    "note": FormType("note"),
    **dict.fromkeys(("acknowledge", "trigger"), FormType("single", note="a confirmation is kept as a choice of one")),
    **dict.fromkeys(("image", "photo", "audio", "video", "file"), FormType("file")),
    "barcode": FormType("text", note="a barcode is kept as text"),
    **dict.fromkeys(("geopoint", "geotrace", "geoshape", "location", "gps"), FormType("text", note=_PLACE)),
    **dict.fromkeys(("calculate", "hidden"), FormType("calculate")),
    **dict.fromkeys(
        (
            "start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "username", "email", "audit",
            "start-geopoint", "background-audio", "background-geopoint", "xml-external", "csv-external", "osm", "imei",
            "device id", "subscriber id", "sim id", "start time", "end time", "uuid",
        ),
        FormType("metadata"),
    ),
}  # fmt: skip
_OLD_WORDS = re.compile(r"^(?:add |get |q |uri:)+|(?: prompt)$")
_SETTINGS = {"form_title", "form_id", "set form title", "set form id", "prefix", "set_form_title", "set_form_id"}


def parse_type(text: str) -> FormType:
    """What a cell of the column type says; text, with a note, where it is not known."""
    words = " ".join(text.split())
    plain = words.lower()
    if match := re.fullmatch(r"(begin|end)[ _](group|repeat|loop|lgroup|looped group)\b.*", plain):
        what = "group" if match[2] == "group" else "repeat"
        loop = "a loop over choices is asked once" if match[2] == "loop" and match[1] == "begin" else ""
        return FormType(f"{match[1]} {what}", note=loop)
    if match := _SELECT.fullmatch(words):
        return _choice(match)
    if plain in _SETTINGS:
        return FormType("setting")
    found = TYPES.get(plain) or TYPES.get(_OLD_WORDS.sub("", plain)) or TYPES.get(plain.replace(" ", ""))
    if found is None and plain in ("phone number", "get phone number"):
        found = FormType("text" if plain == "phone number" else "metadata")
    return found or FormType("text", note=f"the type “{words[:80]}” is not known; it is kept as text")


def _choice(match: re.Match[str]) -> FormType:
    command = match["command"].lower().replace("_", " ")
    kind = (
        "ranking" if command == "rank" else "multiple" if "multiple" in command or "all that" in command else "single"
    )
    return FormType(
        kind,
        match["list"],
        other=bool(match["other"]),
        from_file="from file" in command,
        external="external" in command,
    )
