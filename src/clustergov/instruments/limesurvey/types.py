"""LimeSurvey's question types: what each asks for in our terms, and the scales that come with some of them."""

from __future__ import annotations

from clustergov.instruments.questionnaire import Direction, Kind, Option, Scale
from clustergov.language import Text

KINDS: dict[str, Kind] = {
    "L": "single", "!": "single", "O": "single", "5": "single", "Y": "single", "G": "single", "I": "single",
    "M": "multiple", "P": "multiple",
    "A": "array", "B": "array", "C": "array", "E": "array", "F": "array", "H": "array", "1": "array",
    ":": "numbers", ";": "texts", "N": "number", "K": "numbers", "S": "text", "T": "text", "U": "text", "Q": "texts",
    "D": "date", "R": "ranking", "*": "text", "X": "note", "|": "file",
}  # fmt: skip

_YES = {"en": "Yes", "nl": "Ja", "de": "Ja", "fr": "Oui", "es": "Sí", "it": "Sì"}
_NO = {"en": "No", "nl": "Nee", "de": "Nein", "fr": "Non", "es": "No", "it": "No"}
_UNCERTAIN = {
    "en": "Uncertain",
    "nl": "Onzeker",
    "de": "Unsicher",
    "fr": "Incertain",
    "es": "Inseguro",
    "it": "Incerto",
}
_FEMALE = {"en": "Female", "nl": "Vrouw", "de": "Weiblich", "fr": "Femme", "es": "Femenino", "it": "Femmina"}
_MALE = {"en": "Male", "nl": "Man", "de": "Männlich", "fr": "Homme", "es": "Masculino", "it": "Maschio"}
_MORE = {"en": "Increase", "nl": "Toename", "de": "Zunahme", "fr": "Augmentation", "es": "Aumento", "it": "Aumento"}
_SAME = {"en": "Same", "nl": "Gelijk", "de": "Gleich", "fr": "Identique", "es": "Igual", "it": "Uguale"}
_LESS = {
    "en": "Decrease",
    "nl": "Afname",
    "de": "Abnahme",
    "fr": "Diminution",
    "es": "Disminución",
    "it": "Diminuzione",
}
_OTHER = {"en": "Other", "nl": "Anders", "de": "Sonstiges", "fr": "Autre", "es": "Otro", "it": "Altro"}

OTHER_CODE = "-oth-"
"""What LimeSurvey stores for a list's “other”."""
OTHER_ATTRIBUTE = "clustergov_other"
"""Attribute that holds our code of that option. LimeSurvey keeps it and does nothing with it."""

_Words = tuple[tuple[str, dict[str, str] | None], ...]
_FIXED: dict[str, tuple[str, Direction, _Words]] = {
    "Y": ("yesno", "ascending", (("N", _NO), ("Y", _YES))),
    "G": ("gender", "none", (("F", _FEMALE), ("M", _MALE))),
    "C": ("yesuncertainno", "descending", (("Y", _YES), ("U", _UNCERTAIN), ("N", _NO))),
    "E": ("increase", "descending", (("I", _MORE), ("S", _SAME), ("D", _LESS))),
    "5": ("fivepoints", "ascending", tuple((str(point), None) for point in range(1, 6))),
    "A": ("fivepoints", "ascending", tuple((str(point), None) for point in range(1, 6))),
    "B": ("tenpoints", "ascending", tuple((str(point), None) for point in range(1, 11))),
}


def fixed_scale(kind: str, languages: tuple[str, ...]) -> tuple[str, Scale] | None:
    """Name and scale that LimeSurvey gives to a question type, or None where answers are listed in the file.

    In a language for which we have no words, the code stands for itself.
    """
    if kind not in _FIXED:
        return None
    name, direction, options = _FIXED[kind]
    return name, Scale(
        direction=direction,
        options=tuple(Option(code=code, text=_text(words, code, languages)) for code, words in options),
    )


def other_option(languages: tuple[str, ...]) -> Option:
    """The option that a list with a free “other” has besides its own."""
    return Option(code=OTHER_CODE, text=_text(_OTHER, "Other", languages))


def _text(words: dict[str, str] | None, code: str, languages: tuple[str, ...]) -> Text:
    return Text({language: (words or {}).get(language.split("-")[0], code) for language in languages})


WITH_ANSWERS = frozenset("L!OFHR1")
"""Types whose answers are listed in the file."""
WITH_SUBQUESTIONS = frozenset("MPABCEFH1:;KQ")
