"""The variables of a DDI codebook: label, question, limits, missing values, counts, categories, concept, source."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from clustergov.instruments.arithmetic import plain
from clustergov.instruments.ddi.counts import VariableCounts
from clustergov.instruments.ddi.elements import element, in_languages, said
from clustergov.instruments.ddi.routes import Route
from clustergov.instruments.questionnaire import Questionnaire, Variable
from clustergov.instruments.statistical.blank_codes import BLANK_CODES, blank_label
from clustergov.language import LANGUAGES, Text, both

_DOMAINS = {"choice": "category", "tick": "multiple", "number": "numeric", "date": "datetime", "text": "text"}


def add_variable(
    parent: Element,
    variable: Variable,
    questionnaire: Questionnaire,
    identity: tuple[str, str],
    route: Route,
    counts: VariableCounts | None,
) -> None:
    """One variable; `identity` are the IDs of the variable and of its question."""
    own, asked = identity
    languages = questionnaire.languages
    unit = variable.question.unit.to(languages[0]) if variable.question.unit is not None else ""
    written = element(parent, "var", ID=own, name=variable.name, files="F1", intrvl=_interval(variable),
                      nature=_nature(variable), measUnit=unit if variable.kind == "number" else "")  # fmt: skip
    in_languages(written, "labl", _label(variable), languages)
    _add_question(written, variable, asked, route, languages)
    _add_limits(written, variable)
    _add_missing(written, variable, counts)
    _add_universe(written, variable, route, languages)
    if counts is not None:
        _add_statistics(written, counts)
    _add_categories(written, variable, counts, languages)
    for construct in questionnaire.constructs:
        if variable.name in construct.items:
            in_languages(written, "concept", construct.title, languages, vocab=construct.code)
    _add_format(written, variable)
    _add_notes(written, variable, languages)


def _label(variable: Variable) -> Text:
    """The item or question; for a text beside them, what it is and beside what."""
    name, question = variable.name, variable.question
    if variable.kind != "text" or question.kind in ("text", "texts"):
        return variable.label
    beside = both("codebook.other" if name == f"{question.code}_other" else "codebook.comment")
    return Text({
        language: f"{text} – {beside[language]}" if language in LANGUAGES else text
        for language, text in variable.label.items()
    })  # fmt: skip


def _interval(variable: Variable) -> str:
    return "contin" if variable.kind == "number" and not variable.question.integer else "discrete"


def _nature(variable: Variable) -> str:
    if variable.kind == "number":
        return "percent" if variable.question.total == 100 else "interval"
    if variable.kind == "choice":
        return "ordinal" if variable.scale is not None and variable.scale.ordered else "nominal"
    return "nominal" if variable.kind == "tick" else "other"


def _add_question(parent: Element, variable: Variable, asked: str, route: Route, languages: tuple[str, ...]) -> None:
    question, section = variable.question, variable.section
    domain = _DOMAINS.get(variable.kind, "other")
    written = element(parent, "qstn", ID=asked, seqNo=str(route.number), responseDomainType=domain)
    if section.text is not None and section.questions[0] is question:
        in_languages(written, "preQTxt", section.text, languages)
    if variable.label is not question.text:
        in_languages(written, "preQTxt", question.text, languages)
    in_languages(written, "qstnLit", _label(variable), languages)
    for condition, later in route.forward:
        element(written, "forward", condition, qstn=later)
    for condition, earlier in route.backward:
        element(written, "backward", condition, qstn=earlier)
    if question.help is not None:
        in_languages(written, "ivuInstr", question.help, languages)


def _add_limits(parent: Element, variable: Variable) -> None:
    if variable.kind == "number":
        low, high = variable.question.minimum, variable.question.maximum
        if low is not None or high is not None:
            limits = {name: plain(value) for name, value in (("min", low), ("max", high)) if value is not None}
            units = "INT" if variable.question.integer else "REAL"
            element(element(parent, "valrng"), "range", UNITS=units, **limits)
    elif variable.scale is not None and variable.scale.codes:
        valid = element(parent, "valrng")
        for code in variable.scale.codes:
            element(valid, "item", VALUE=code)


def _add_missing(parent: Element, variable: Variable, counts: VariableCounts | None) -> None:
    options = variable.scale.options if variable.scale is not None else ()
    codes = [option.code for option in options if option.blank is not None]
    codes += [code for code, _ in _reasons(counts)]
    if codes:
        invalid = element(parent, "invalrng")
        for code in codes:
            element(invalid, "item", VALUE=code)


def _reasons(counts: VariableCounts | None) -> list[tuple[str, Text]]:
    """Codes of blank cells, with their labels: those that occur in the data, or of which it is not told."""
    if counts is None:
        return []
    texts = {
        str(code): Text({each: blank_label(blank, each) for each in LANGUAGES}) for blank, code in BLANK_CODES.items()
    }
    return [(code, text) for code, text in texts.items() if counts.codes.get(code) != 0]


def _add_universe(parent: Element, variable: Variable, route: Route, languages: tuple[str, ...]) -> None:
    if route.condition:
        said(parent, "universe", "archive.universe", languages, condition=route.condition)
    if variable.question.relevance:
        said(parent, "universe", "archive.original", languages, relevance=variable.question.relevance)


def _add_statistics(parent: Element, counts: VariableCounts) -> None:
    for kind, number in (("vald", counts.valid), ("invd", counts.invalid)):
        if number is not None:
            element(parent, "sumStat", str(number), type=kind)
    for kind, value in counts.statistics.items():
        element(parent, "sumStat", f"{value:.10g}", type=kind)


def _add_categories(
    parent: Element, variable: Variable, counts: VariableCounts | None, languages: tuple[str, ...]
) -> None:
    known: Mapping[str, int] = counts.codes if counts is not None else {}
    for option in variable.scale.options if variable.scale is not None else ():
        text = option.text
        if variable.kind == "tick":
            text = Text({each: text[each] for each in text if each in languages} or {"en": text["en"]})
        _category(parent, option.code, text, option.blank or "", known.get(option.code), languages)
    for code, text in _reasons(counts):
        shown = Text({each: text[each] for each in text if each in languages} or {"en": text["en"]})
        _category(parent, code, shown, text["en"], known.get(code), languages)


def _category(
    parent: Element, code: str, text: Text, reason: str, count: int | None, languages: tuple[str, ...]
) -> None:
    written = element(parent, "catgry", missing="Y" if reason else "N", missType=reason)
    element(written, "catValu", code)
    in_languages(written, "labl", text, languages)
    if count is not None:
        element(written, "catStat", str(count), type="freq")


def _add_format(parent: Element, variable: Variable) -> None:
    numeric = variable.kind == "number" or (
        variable.scale is not None and all(option.code.isdecimal() for option in variable.scale.options)
    )
    kind = "numeric" if numeric else "character"
    if variable.kind == "date":
        element(parent, "varFormat", type=kind, category="date", schema="ISO", formatname="YYYY-MM-DD")
    else:
        element(parent, "varFormat", type=kind)


def _add_notes(parent: Element, variable: Variable, languages: tuple[str, ...]) -> None:
    question, item, scale = variable.question, variable.item, variable.scale
    known = item if item is not None and (item.source or item.mark) else question
    for kind, text in (("source", known.source), ("mark", known.mark)):
        if text:
            element(parent, "notes", text, type=kind, subject="question")
    for kind, text in (("source", scale.source), ("mark", scale.mark)) if scale is not None else ():
        if text:
            element(parent, "notes", text, type=kind, subject="scale")
    if scale is not None and variable.kind == "choice":
        said(parent, "notes", f"codebook.direction.{scale.direction}", languages, kind="direction")
    if question.total is not None and variable.kind == "number":
        said(parent, "notes", "codebook.total", languages, kind="total", total=plain(question.total))
    if question.constraint:
        element(parent, "notes", question.constraint, type="constraint")
    if question.constraint_message is not None:
        in_languages(parent, "notes", question.constraint_message, languages, type="constraint message")
    if question.required:
        said(parent, "notes", "archive.required", languages, kind="required")
    if question.random_order:
        said(parent, "notes", "archive.random", languages, kind="order")
