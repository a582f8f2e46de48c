"""The variables of a DDI codebook that are computed from answers: scores of constructs, and indicators."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from clustergov.instruments.arithmetic import variables_of
from clustergov.instruments.ddi.elements import element, in_languages, said
from clustergov.instruments.questionnaire import Construct, Indicator, Questionnaire
from clustergov.instruments.routing import parse_number


def add_derived(parent: Element, questionnaire: Questionnaire, variables: dict[str, str]) -> None:
    """Scores and indicators; they stand in no file of answers, hence without a reference to one.

    Raises
    ------
    InputError
        A formula is no number.
    """
    for place, construct in enumerate(questionnaire.constructs, start=1):
        _add_score(parent, f"C{place}", construct, questionnaire.languages, variables)
    for place, indicator in enumerate(questionnaire.indicators, start=1):
        _add_indicator(parent, f"I{place}", indicator, questionnaire, variables)


def _add_score(
    parent: Element, own: str, construct: Construct, languages: tuple[str, ...], variables: dict[str, str]
) -> None:
    written = element(parent, "var", ID=own, name=construct.code, intrvl="contin", nature="interval")
    in_languages(written, "labl", construct.title, languages)
    if construct.reversed:
        said(written, "codInstr", "archive.score.reversed", languages, items=", ".join(construct.reversed))
    items = " ".join(variables[name] for name in construct.items if name in variables)
    derivation = element(written, "derivation", var=items)
    sentence = f"archive.score.{construct.score}"
    said(derivation, "drvdesc", sentence, languages, n=len(construct.items), minimum=construct.minimum_valid)
    element(written, "varFormat", type="numeric")
    _add_source(written, construct)


def _add_indicator(
    parent: Element, own: str, indicator: Indicator, questionnaire: Questionnaire, variables: dict[str, str]
) -> None:
    languages = questionnaire.languages
    written = element(
        parent, "var", ID=own, name=indicator.code, intrvl="contin", nature="interval",
        measUnit=indicator.unit.to(languages[0]),
    )  # fmt: skip
    in_languages(written, "labl", indicator.title, languages)
    dimension = questionnaire.dimensions.get(indicator.dimension)
    if dimension is not None:
        in_languages(written, "concept", dimension, languages, vocab=indicator.dimension)
    looked_at = dict.fromkeys(variables_of(parse_number(indicator.formula)))
    derivation = element(
        written, "derivation", var=" ".join(variables[name] for name in looked_at if name in variables)
    )
    in_languages(derivation, "drvdesc", indicator.title, languages)
    element(derivation, "drvcmd", indicator.formula, syntax="clustergov")
    element(written, "varFormat", type="numeric")
    in_languages(written, "notes", indicator.evidence, languages, type="evidence")
    said(written, "notes", f"codebook.direction.{indicator.direction}", languages, kind="direction")
    _add_source(written, indicator)


def _add_source(parent: Element, known: Construct | Indicator) -> None:
    for kind, text in (("source", known.source), ("mark", known.mark)):
        if text:
            element(parent, "notes", text, type=kind)
