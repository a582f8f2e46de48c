"""The groups of variables of a DDI codebook: sections, arrays, multiple choices, scores."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from clustergov.instruments.ddi.elements import element, in_languages, said
from clustergov.instruments.questionnaire import Kind, Question, Questionnaire, Section

_TYPES: dict[Kind, str] = {"multiple": "multipleResp", "array": "grid", "note": "display"}


class Groups:
    """Writes the groups of one questionnaire; `variables` gives the ID of each variable."""

    def __init__(self, questionnaire: Questionnaire, variables: dict[str, str]) -> None:
        self.questionnaire = questionnaire
        self.variables = variables
        self.number = 0

    def add_to(self, parent: Element) -> None:
        for section in self.questionnaire.sections:
            self._section(parent, section)
        for construct in self.questionnaire.constructs:
            group = self._group(parent, "other", construct.code, construct.items, other="score")
            in_languages(group, "labl", construct.title, self.questionnaire.languages)

    def _section(self, parent: Element, section: Section) -> None:
        names = [variable.name for question in section.questions for variable in self.questionnaire.of(question.code)]
        group = self._group(parent, "section", section.code, names)
        in_languages(group, "labl", section.title, self.questionnaire.languages)
        if section.text is not None:
            in_languages(group, "txt", section.text, self.questionnaire.languages)
        inside = [self._question(parent, question) for question in section.questions]
        if ids := [each.get("ID", "") for each in inside if each is not None]:
            group.set("varGrp", " ".join(ids))

    def _question(self, parent: Element, question: Question) -> Element | None:
        """A group for a question that has several variables, or none."""
        names = [variable.name for variable in self.questionnaire.of(question.code)]
        if len(names) == 1 and question.kind not in _TYPES:
            return None
        kind = _TYPES.get(question.kind, "other")
        group = self._group(parent, kind, question.code, names, other=question.kind if kind == "other" else "")
        in_languages(group, "labl", question.text, self.questionnaire.languages)
        if question.help is not None:
            in_languages(group, "txt", question.help, self.questionnaire.languages)
        if question.random_order:
            said(group, "notes", "archive.random", self.questionnaire.languages, kind="order")
        return group

    def _group(
        self, parent: Element, kind: str, name: str, names: list[str] | tuple[str, ...], other: str = ""
    ) -> Element:
        self.number += 1
        ids = " ".join(self.variables[each] for each in names if each in self.variables)
        return element(parent, "varGrp", ID=f"G{self.number}", type=kind, otherType=other, name=name, var=ids)
