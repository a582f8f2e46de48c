"""A questionnaire as the sheets of an XLSForm: survey, choices, settings, and clustergov for what these cannot hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from clustergov.instruments.exchange import Notes
from clustergov.instruments.questionnaire import Question, Questionnaire
from clustergov.instruments.xlsform.cells import sentence
from clustergov.instruments.xlsform.metadata import HEADINGS, SHEET, metadata_rows
from clustergov.instruments.xlsform.names import UNKNOWN_LANGUAGE, Names, language_name
from clustergov.instruments.xlsform.rows import RowWriter, SurveyRow
from clustergov.language import Text
from clustergov.problems import InputError, Problem

Table = list[list[str]]
LONGEST_TEXT = 32_767
"""Characters that a cell of a workbook holds."""

_PLAIN = ("relevant", "appearance", "parameters", "choice_filter", "calculation", "constraint")
_REFERENCE = re.compile(r"\$\{(?:([^{}]+)\})?")
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def survey_rows(questionnaire: Questionnaire, names: Names, notes: Notes) -> dict[str, list[SurveyRow]]:
    """The rows of the survey sheet by what they belong to: “welcome”, “closing”, ``section code``, ``question code``.

    Raises
    ------
    InputError
        Conditions that XLSForm cannot express, every one of them.
    """
    writer = RowWriter(questionnaire, names, notes)
    found: dict[str, list[SurveyRow]] = {}
    for place, text in (("welcome", questionnaire.text), ("closing", questionnaire.closing)):
        if text is not None:
            found[place] = [SurveyRow("note", names.row(place), text)]
    for section in questionnaire.sections:
        rows = [SurveyRow("begin_group", names.row("section", section.code), section.title, appearance="field-list")]
        if section.text is not None:
            rows.append(SurveyRow("note", names.row("section text", section.code), section.text))
        found[f"section {section.code}"] = rows
        for question in section.questions:
            found[f"question {question.code}"] = writer.question(question)
    if problems := [*_unfit_codes(questionnaire, notes.file), *writer.problems]:
        raise InputError(problems, summary="This questionnaire cannot be written as an XLSForm:")
    return found


def sheets(questionnaire: Questionnaire, notes: Notes) -> dict[str, Table]:
    """Every sheet with its headings, as text.

    Raises
    ------
    InputError
        As `survey_rows`; also a text that is longer than a cell can be.
    """
    names = Names(questionnaire)
    rows = survey_rows(questionnaire, names, notes)
    ordered: list[SurveyRow] = list(rows.get("welcome", ()))
    for section in questionnaire.sections:
        if not section.questions and section.text is None:
            notes.add("xlsform-empty-section", "a section without questions is not shown.", place=section.code)
            continue
        ordered += rows[f"section {section.code}"]
        for question in section.questions:
            ordered += rows[f"question {question.code}"]
        ordered.append(SurveyRow("end_group", names.row("section", section.code)))
    ordered += rows.get("closing", ())
    # Only a form can refer to answers in its texts; ours never do.
    known = frozenset(name for _, name in names.answers()) if questionnaire.imported_from == "XLSForm" else frozenset()
    cells = _Cells(spoken(questionnaire), known, notes)
    tables = {
        "survey": _survey(ordered, cells),
        "choices": _choices(questionnaire, names, cells),
        "settings": _settings(questionnaire, notes),
        SHEET: [list(HEADINGS), *(list(row) for row in metadata_rows(questionnaire, names))],
    }
    _note_losses(questionnaire, names, notes)
    if cells.problems:
        raise InputError(cells.problems)
    return tables


def spoken(questionnaire: Questionnaire) -> tuple[str, ...]:
    """The languages of the questionnaire, then those in which there are some texts only."""
    texts = [option.text for scale in questionnaire.scales.values() for option in scale.options]
    for section in questionnaire.sections:
        texts += [text for text in (section.title, section.text) if text is not None]
        for question in section.questions:
            texts += [text for text in (question.text, question.help) if text is not None]
            texts += [item.text for item in question.items]
    return tuple(dict.fromkeys([*questionnaire.languages, *(language for text in texts for language in text)]))


class _Cells:
    """Texts as cells, one per language."""

    def __init__(self, languages: Sequence[str], known: frozenset[str], notes: Notes) -> None:
        self.languages = tuple(languages)
        self._known = known
        self.problems: list[Problem] = []
        self._notes = notes

    def headings(self, column: str) -> list[str]:
        """A translated column's headings, one per language."""
        return [column if each == UNKNOWN_LANGUAGE else f"{column}::{language_name(each)}" for each in self.languages]

    def of(self, text: Text | None, place: str, *, refers: bool = False) -> list[str]:
        """A text in every language; empty where there is none. ``${`` is taken apart unless it `refers` to answers."""
        found = [self._clean(text.get(each, "") if text else "", place) for each in self.languages]
        apart = found if refers else [_REFERENCE.sub(self._apart, each) for each in found]
        if apart != found:
            self._notes.add(
                "xlsform-dollar", "“${” is written “$ {”: ODK would look for a question there.", place=place
            )
        return apart

    def _apart(self, match: re.Match[str]) -> str:
        return match[0] if match[1] is not None and match[1].strip() in self._known else f"$ {match[0][1:]}"

    def _clean(self, text: str, place: str) -> str:
        if len(text) > LONGEST_TEXT:
            message = f"expected at most {LONGEST_TEXT} characters, found {len(text)}."
            self.problems.append(
                Problem("xlsform-too-long", message, "Shorten the text.", file=self._notes.file, place=place)
            )
        if _NO_XML.search(text):
            self._notes.add("xlsform-characters", "control characters are left out.", place=place)
        return _NO_XML.sub("", text)


def _survey(rows: Sequence[SurveyRow], cells: _Cells) -> Table:
    with_words: tuple[tuple[str, Callable[[SurveyRow], Text | None]], ...] = (
        ("label", lambda row: row.label), ("hint", lambda row: row.hint),
        ("constraint_message", lambda row: row.constraint_message if row.constraint else None),
    )  # fmt: skip
    head = ["type", "name"]
    columns = [column for column, text in with_words if any(text(row) is not None for row in rows)]
    for column in columns:
        head += cells.headings(column)
    table = [[*head, "required", *_PLAIN]]
    for row in rows:
        words = [
            each
            for column, text in with_words
            if column in columns
            for each in cells.of(text(row), row.name, refers=row.refers)
        ]
        required = "yes" if row.required else ""
        table.append([row.type, row.name, *words, required, *(getattr(row, column) for column in _PLAIN)])
    return table


def _choices(questionnaire: Questionnaire, names: Names, cells: _Cells) -> Table:
    table = [["list_name", "name", *cells.headings("label")]]
    for name, scale in questionnaire.scales.items():
        own = names.list(name)
        table += [[own, option.code, *cells.of(option.text, f"{name}, {option.code}")] for option in scale.options]
    for question in questionnaire.questions:
        if question.kind in ("multiple", "ranking"):
            table += [[names.items_list(question.code), *choice] for choice in _items(question, cells)]
    return table


def _items(question: Question, cells: _Cells) -> Iterator[list[str]]:
    for item in question.items:
        yield [item.code, *cells.of(item.text, f"{question.code}_{item.code}")]
    if question.other and question.kind == "multiple":
        yield ["other", *cells.of(sentence("xlsform.other", cells.languages), question.code)]


def _settings(questionnaire: Questionnaire, notes: Notes) -> Table:
    base = questionnaire.languages[0]
    form = re.sub(r"[^A-Za-z0-9_.-]+", "-", questionnaire.questionnaire).strip("-") or "form"
    title = _NO_XML.sub("", questionnaire.title.to(base))
    settings = {"form_title": title, "form_id": form, "version": questionnaire.version, "style": "pages"}
    if base != UNKNOWN_LANGUAGE:
        settings["default_language"] = language_name(base)
    return [list(settings), list(settings.values())]


def _unfit_codes(questionnaire: Questionnaire, file: str) -> Iterator[Problem]:
    codes = [(f"scale {name}", option.code) for name, scale in questionnaire.scales.items() for option in scale.options]
    codes += [(q.code, item.code) for q in questionnaire.questions if q.kind == "multiple" for item in q.items]
    for place, code in codes:
        if not code or re.search(r"[\s'\"]|\$\{", code):
            message = f"the code “{code}” cannot be one of an XLSForm: blanks separate codes there, and quotation marks end them."
            yield Problem("xlsform-code", message, "Rename it.", file=file, place=place)


def _note_losses(questionnaire: Questionnaire, names: Names, notes: Notes) -> None:
    for code, name in names.renamed.items():
        notes.add("xlsform-name", f"“{code}” is no name of its own in an XLSForm; it is called “{name}”.", place=code)
    ticks = [question.code for question in questionnaire.questions if question.kind == "multiple"]
    if ticks:
        notes.add("xlsform-ticks", f"the ticks of {len(ticks)} multiple choices are answered in one cell each, as the codes of the "
                  "ticked items with blanks between them.", place=ticks[0])  # fmt: skip
    kept = [word for word, value in (
        ("the title in other languages", len(questionnaire.title) > 1), ("scores", questionnaire.constructs),
        ("indicators", questionnaire.indicators), ("sources", questionnaire.sources), ("directions of scales", questionnaire.scales),
        ("options that are no answer", any(o.blank for s in questionnaire.scales.values() for o in s.options)),
    ) if value]  # fmt: skip
    if kept:
        notes.add("xlsform-metadata", f"XLSForm has no column for: {', '.join(kept)}; they stand in the sheet {SHEET}, which ODK passes over.",
                  place=SHEET)  # fmt: skip
