"""A questionnaire, and counts of its answers, as a codebook that data archives read: DDI-Codebook 2.5."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element, indent, tostring

from clustergov.instruments.ddi.counts import VariableCounts
from clustergov.instruments.ddi.derived import add_derived
from clustergov.instruments.ddi.elements import clean, element, language_tag
from clustergov.instruments.ddi.groups import Groups
from clustergov.instruments.ddi.routes import routes
from clustergov.instruments.ddi.study import add_document, add_study
from clustergov.instruments.ddi.variables import add_variable
from clustergov.instruments.exchange import Exported, Notes, listed
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.problems import Problem

__all__ = ["VariableCounts", "to_ddi"]

NAMESPACE = "ddi:codebook:2_5"


def to_ddi(
    questionnaire: Questionnaire, data: Mapping[str, VariableCounts] | None = None, *, synthetic: bool = False
) -> Exported:
    """Write a DDI codebook.

    Sections, arrays and multiple choices are groups of variables; every text stands in all its languages. Codes are the
    questionnaire's own; options marked blank, and the codes of `BLANK_CODES` that occur in the data, are missing
    values. Scores and indicators are variables that refer to what they are derived from. IDs follow the order of the
    questionnaire, and nothing depends on the moment of writing.

    Parameters
    ----------
    questionnaire : Questionnaire
    data : mapping of str to VariableCounts, optional
        Counts of the answers, by variable.
    synthetic : bool
        Whether the answers are simulated: then the titles and the kind of data say so.

    Returns
    -------
    Exported
        Notes tell what stands there in words only.

    Raises
    ------
    InputError
        A condition or formula cannot be read.

    Notes
    -----
    DDI-Codebook 2.5, https://ddialliance.org/Specification/DDI-Codebook/2.5/
    """
    root = Element("codeBook", {"xmlns": NAMESPACE, "version": "2.5"})
    root.set("{http://www.w3.org/XML/1998/namespace}lang", language_tag(questionnaire.languages[0]))
    add_document(root, questionnaire, synthetic=synthetic)
    add_study(root, questionnaire, synthetic=synthetic)
    _add_file(root, questionnaire, data or {})
    _add_variables(element(root, "dataDscr"), questionnaire, data or {})
    indent(root)
    content = tostring(root, encoding="utf-8", xml_declaration=True)
    return Exported(content + b"\n", _notes(questionnaire))


def _add_file(root: Element, questionnaire: Questionnaire, data: Mapping[str, VariableCounts]) -> None:
    """The file of answers, which every variable refers to."""
    size = element(element(element(root, "fileDscr", ID="F1"), "fileTxt"), "dimensns")
    told = (each.valid + each.invalid for each in data.values() if each.valid is not None and each.invalid is not None)
    cases = next(told, None)
    if cases is not None:
        element(size, "caseQnty", str(cases))
    element(size, "varQnty", str(len(questionnaire.variables)))


def _add_variables(parent: Element, questionnaire: Questionnaire, data: Mapping[str, VariableCounts]) -> None:
    places = {variable.name: place for place, variable in enumerate(questionnaire.variables, start=1)}
    own = {name: f"V{place}" for name, place in places.items()}
    asked = {name: f"Q{place}" for name, place in places.items()}
    Groups(questionnaire, own).add_to(parent)
    ways = routes(questionnaire, asked)
    for variable in questionnaire.variables:
        name = variable.name
        add_variable(parent, variable, questionnaire, (own[name], asked[name]), ways[name], data.get(name))
    add_derived(parent, questionnaire, own)


def _notes(questionnaire: Questionnaire) -> tuple[Problem, ...]:
    notes = Notes()
    routed = [
        question.code
        for question in questionnaire.questions
        if question.when or question.relevance or any(i.when for i in question.items)
    ]
    if routed:
        message = f"routing stands there as a text, which no program carries out: {listed(routed)}."
        notes.add("ddi-routing", message, place="when")
    limited = [question.code for question in questionnaire.questions if question.constraint]
    if limited:
        message = f"constraints stand there as notes, which no program carries out: {listed(limited)}."
        notes.add("ddi-constraint", message, place="constraint")
    if any(clean(text) != text for text in _strings(questionnaire.model_dump())):
        notes.add("ddi-character", "control characters, which XML cannot hold, are left out.", place="texts")
    return notes.all()


def _strings(value: object) -> Iterator[str]:
    """Every text inside a nested value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _strings(each)
