"""What the templates need to know of a question, its fields and its options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from clustergov.language import say
from clustergov.survey.service.screens import Posed
from clustergov.survey.service.typed import SHORT_TEXT, shown_number

MOST_RADIOS = 15
"""From here on the options of a single choice stand in a list that opens."""


@dataclass(frozen=True, slots=True)
class ShownOption:
    code: str
    text: Markup
    place: int
    first: bool
    opens: bool


@dataclass(frozen=True, slots=True)
class ShownField:
    """What the templates need to know of a field."""

    name: str
    id: str
    text: Markup
    kind: str
    role: str
    label_lang: Markup | str = ""
    unit: Markup | str = ""
    inputmode: str = ""
    long: bool = False
    most: int = SHORT_TEXT
    must: bool = False
    invalid: bool = False


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """What the templates need to know of a question."""

    id: str
    layout: str
    text: Markup
    help: Markup | str
    hint: str
    required: bool
    field_id: str
    words: Mapping[str, str]
    words_lang: Markup

    @property
    def group(self) -> bool:
        return self.layout not in ("note", "list", "field", "long")

    def notice_ids(self, errors: Sequence[str]) -> list[str]:
        """Ids of what describes the question: its help, its hint, its errors."""
        told = {"help": self.help, "hint": self.hint, "error": errors}
        return [f"{self.id}-{what}" for what, there in told.items() if there]


def layout_of(posed: Posed) -> str:
    """How a question stands on the page."""
    question = posed.question
    match question.kind:
        case "single":
            options = posed.fields[0].scale.options if posed.fields[0].scale else ()
            return "list" if len(options) > MOST_RADIOS else "radios"
        case "multiple":
            return "boxes"
        case "array":
            return "grid"
        case "text":
            return "long"
        case "number" | "date":
            return "field"
        case "note":
            return "note"
        case _:
            return "fields"


def hint_of(posed: Posed, language: str) -> str:
    """What the page says of how to answer, beyond the question's own help."""
    question = posed.question
    if question.kind in ("multiple", "ranking", "date"):
        return say(f"service.page.{question.kind}", language)
    if question.kind not in ("number", "numbers"):
        return ""
    low, high = question.minimum, question.maximum
    values = {
        name: shown_number(limit, language) for name, limit in (("low", low), ("high", high)) if limit is not None
    }
    if question.total is not None:
        zero = "_zero" if low is not None and low >= 0 else ""
        return say(f"service.hint.total{zero}", language, total=shown_number(question.total, language))
    kind = {(True, True): "between", (True, False): "least", (False, True): "most"}.get(
        ("low" in values, "high" in values), ""
    )
    name = "_".join(part for part in ("whole" if question.integer else "", kind) if part)
    return say(f"service.hint.{name}", language, **values) if name else ""
