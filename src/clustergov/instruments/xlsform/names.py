"""The names that questions, items, scales and languages have in an XLSForm."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clustergov.instruments.questionnaire import Question, Questionnaire

UNKNOWN_LANGUAGE = "und"
"""Code of a language that is not told (ISO 639-2): its texts stand in columns without a language."""

_LANGUAGES = {
    "nl": "Nederlands", "en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "it": "Italiano",
    "pt": "Português", "pl": "Polski", "sv": "Svenska", "da": "Dansk", "fi": "Suomi", "cs": "Čeština", "sw": "Kiswahili",
    "ar": "العربية", "ru": "Русский", "tr": "Türkçe", "el": "Ελληνικά", "ro": "Română", "hu": "Magyar",
}  # fmt: skip
_SPELT = {name.casefold(): code for code, name in _LANGUAGES.items()} | {
    "dutch": "nl", "german": "de", "french": "fr", "francais": "fr", "spanish": "es", "espanol": "es", "italian": "it",
    "portuguese": "pt", "swahili": "sw", "kiswahili": "sw", "arabic": "ar", "russian": "ru", "turkish": "tr", "polish": "pl",
    "swedish": "sv", "danish": "da", "finnish": "fi", "greek": "el", "romanian": "ro", "hungarian": "hu",
}  # fmt: skip
_RESERVED = {"meta"}
"""Names that ODK keeps for itself."""


def language_name(code: str) -> str:
    """A language as column headings name it: ``Nederlands (nl)``."""
    known = _LANGUAGES.get(code)
    return f"{known} ({code})" if known else code


def language_code(name: str) -> str:
    """The code of a language that a column heading names; a name that is not known is its own code."""
    name = " ".join(name.split())
    coded = re.fullmatch(r".*\(\s*([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*)\s*\)", name)
    if coded:
        return coded[1]
    return _SPELT.get(name.casefold(), name)


class Names:
    """Row and list names of one questionnaire: its own variable names wherever XLSForm admits them.

    The same codes and kinds give the same names: they are made in the order of the questionnaire.
    """

    def __init__(self, questionnaire: Questionnaire) -> None:
        self._taken: set[str] = set(_RESERVED)
        self._rows: dict[tuple[str, str], str] = {}
        self._lists: dict[tuple[str, str], str] = {}
        self.renamed: dict[str, str] = {}
        # What holds answers comes first: that names are kept matters most there.
        for question in questionnaire.questions:
            for variable in answer_rows(question):
                self._rows["answer", variable] = self._unique(variable)
        for question in questionnaire.questions:
            self._rows["group", question.code] = self._unique(question.code, "_group")
            for extra in ("text", "sum", "total", "constraint"):
                self._rows[extra, question.code] = self._unique(f"{question.code}_{extra}")
        for section in questionnaire.sections:
            self._rows["section", section.code] = self._unique(section.code, "_section")
            self._rows["section text", section.code] = self._unique(f"{section.code}_introduction")
        for name in ("welcome", "closing"):
            self._rows[name, ""] = self._unique(f"{name}_text")
        self._name_lists(questionnaire)

    def row(self, role: str, code: str = "") -> str:
        """Name of the row that plays a role for a question, a section or a variable."""
        return self._rows[role, code]

    def answers(self) -> Iterator[tuple[str, str]]:
        """Each variable (for a multiple choice and a ranking, each question) with the name of its row."""
        return ((code, name) for (role, code), name in self._rows.items() if role == "answer")

    def list(self, scale: str) -> str:
        """Name of the list of choices that holds a scale."""
        return self._lists["scale", scale]

    def items_list(self, question: str) -> str:
        """Name of the list of choices that holds the items of a multiple choice, or the places of a ranking."""
        return self._lists["items", question]

    def _name_lists(self, questionnaire: Questionnaire) -> None:
        taken: set[str] = set()
        wanted = [("scale", name, "") for name in questionnaire.scales]
        wanted += [("items", q.code, "_items") for q in questionnaire.questions if q.kind in ("multiple", "ranking")]
        for role, code, suffix in wanted:
            name = base = re.sub(r"[^\w.-]", "_", code)
            count = 2
            while name.casefold() in taken:
                name, count = f"{base}{suffix}{'' if count == 2 and suffix else count}", count + 1
            taken.add(name.casefold())
            self._lists[role, code] = name

    def _unique(self, wanted: str, suffix: str = "") -> str:
        base = re.sub(r"[^A-Za-z0-9._-]", "_", wanted)
        base = base if re.match(r"[A-Za-z_]", base) else f"q{base}"
        name, count = base, 2
        while name.casefold() in self._taken:
            name, count = f"{base}{suffix}{'' if count == 2 and suffix else count}", count + 1
        self._taken.add(name.casefold())
        if name != wanted and not suffix:
            self.renamed[wanted] = name
        return name


def answer_rows(question: Question) -> Iterator[str]:
    """What has a row of its own to answer in: variables, but one for all ticks and one for all places."""
    match question.kind:
        case "array" | "numbers" | "texts":
            yield from (f"{question.code}_{item.code}" for item in question.items)
        case _:
            yield question.code
    if question.kind == "multiple" and question.comment:
        yield from (f"{question.code}_{item.code}comment" for item in question.items)
    if question.other:
        yield f"{question.code}_other"
    if question.comment and question.kind != "multiple":
        yield f"{question.code}_comment"
