"""The elements of a SurveyJS form: one or more for each question, by its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from clustergov.instruments.asking import enforced
from clustergov.instruments.condition import Condition
from clustergov.instruments.questionnaire import Item, Question, Questionnaire, Scale
from clustergov.instruments.routing import parse
from clustergov.instruments.rules.answers import OTHER_CODES
from clustergov.instruments.surveyjs.expressions import Expressions, Untranslatable
from clustergov.instruments.surveyjs.names import other_value, parts
from clustergov.instruments.surveyjs.wording import Wording
from clustergov.problems import InputError, Problem

Element = dict[str, Any]

MANY = 15
"""Options of a single choice from which on they are shown in a list that opens and can be searched."""


class Elements:
    """Writes the elements of one questionnaire's questions; `problems` gathers what SurveyJS cannot say."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire
        self.wording = Wording(questionnaire)
        self.expressions = Expressions(questionnaire)
        self.problems: list[Problem] = []

    def of(self, question: Question) -> list[Element]:
        """The elements of one question, in the order in which they are shown."""
        shown = self._visible(question.when, question, "when")
        if question.relevance:
            message = f"its routing could not be read: {question.relevance}"
            self._cannot(message, question, "relevance")
        return [{**element, **_also(shown, element)} for element in self._kind(question)]

    def _kind(self, question: Question) -> list[Element]:
        build: dict[str, Callable[[Question], list[Element]]] = {
            "single": self._single,
            "multiple": self._multiple,
            "array": self._array,
            "ranking": self._ranking,
            "numbers": self._fields,
            "texts": self._fields,
            "note": self._note,
        }
        elements = build.get(question.kind, self._field)(question)
        if question.comment and question.kind != "multiple":
            elements.append(self._remark(f"{question.code}_comment", self.wording.say("comment")))
        return elements

    def _head(self, question: Question, kind: str) -> Element:
        wording = self.wording
        return {
            "type": kind,
            "name": question.code,
            "title": wording.with_unit(question.text, question.unit if question.kind == "number" else None),
            **({"description": wording.plain(question.help)} if question.help is not None else {}),
            **({"isRequired": True} if question.required else {}),
            **self._validators(question),
        }

    def _single(self, question: Question) -> list[Element]:
        scale = self.questionnaire.scales[question.scale]
        kind = "dropdown" if len(scale.options) > MANY else "radiogroup"
        clear = {"allowClear": True} if kind == "radiogroup" and not question.required else {}
        element = self._head(question, kind) | clear | {"choices": self._options(scale, question)}
        if question.random_order:
            element["choicesOrder"] = "random"
        if not question.other:
            return [element]
        chosen = next((option.code for option in scale.options if option.code.casefold() in OTHER_CODES), None)
        free = self._free(question)
        return [element, free | ({"visibleIf": f"{{{question.code}}} = '{chosen}'"} if chosen is not None else {})]

    def _options(self, scale: Scale, question: Question) -> list[Element]:
        """Options; in an order of chance, those that are no substantive answer, and “other”, keep their places."""
        fixed = {option.code for option in scale.options if option.blank or option.code.casefold() in OTHER_CODES}
        return [
            {"value": option.code, "text": self.wording.plain(option.text)}
            | ({"randomize": False} if question.random_order and option.code in fixed else {})
            for option in scale.options
        ]

    def _multiple(self, question: Question) -> list[Element]:
        element = self._head(question, "checkbox")
        element["choices"] = [self._item(item, question) for item in question.items]
        if question.random_order:
            element["choicesOrder"] = "random"
        remarks = [self._item_remark(item, question) for item in question.items if question.comment]
        if not question.other:
            return [element, *remarks]
        value = other_value(question)
        element["choices"].append(
            {"value": value, "text": self.wording.say("other")}
            | ({"randomize": False} if question.random_order else {})
        )
        return [element, *remarks, self._free(question) | {"visibleIf": f"{{{question.code}}} contains '{value}'"}]

    def _item_remark(self, item: Item, question: Question) -> Element:
        remark = self._remark(f"{question.code}_{item.code}comment", self.wording.of_item("comment_on", item.text))
        return remark | {"visibleIf": f"{{{question.code}}} contains '{item.code}'"}

    def _item(self, item: Item, question: Question) -> Element:
        return {"value": item.code, "text": self.wording.plain(item.text)} | self._visible(item.when, question, item)

    def _array(self, question: Question) -> list[Element]:
        matrices = [
            {
                "type": "matrix",
                "name": part.name,
                "columns": self._options(self.questionnaire.scales[part.scale], question.model_copy(update={"random_order": False})),
                "rows": [self._item(item, question) for item in part.items],
                **({"eachRowRequired": True} if question.required else {}),
                **({"rowOrder": "random"} if question.random_order else {}),
            }
            for part in parts(question)
        ]  # fmt: skip
        head = self._head(question, "matrix")
        head.pop("isRequired", None)
        if len(matrices) == 1:
            return [head | matrices[0]]
        return [self._panel(head, [{**matrix, "titleLocation": "hidden"} for matrix in matrices])]

    def _panel(self, head: Element, elements: list[Element]) -> Element:
        """Elements under one title. Panels check nothing, so an element that is always shown does it for them."""
        validators = head.pop("validators", None)
        if validators:
            always = [element for element in elements if "visibleIf" not in element and "rows" not in element]
            for element in always[-1:] or elements:
                element["validators"] = validators
        return head | {"type": "panel", "elements": elements}

    def _ranking(self, question: Question) -> list[Element]:
        scale = self.questionnaire.scales[question.scale or question.items[0].scale]
        if any(item.when or (item.scale and item.scale != question.scale) for item in question.items):
            self._cannot("the places of a ranking cannot differ in condition or in what is ranked", question, "items")
        element = self._head(question, "ranking") | {
            "choices": self._options(scale, question),
            "selectToRankEnabled": True,
            "selectToRankAreasLayout": "vertical",
            "maxSelectedChoices": len(question.items),
        }
        return [element | ({"choicesOrder": "random"} if question.random_order else {})]

    def _field(self, question: Question) -> list[Element]:
        match question.kind:
            case "file":
                return [self._head(question, "file") | {"allowMultiple": True}]
            case "text":
                return [self._head(question, "comment") | {"autoGrow": True}]
            case _:
                return [self._head(question, "text") | _input(question)]

    def _fields(self, question: Question) -> list[Element]:
        unit = question.unit if question.kind == "numbers" else None
        fields = [
            {
                "type": "text",
                "name": f"{question.code}_{item.code}",
                "title": self.wording.with_unit(item.text, unit),
                **_input(question),
                **({"isRequired": True} if question.required else {}),
                **self._visible(item.when, question, item),
            }
            for item in question.items
        ]
        head = self._head(question, "panel")
        head.pop("isRequired", None)
        return [self._panel(head, fields) | ({"questionOrder": "random"} if question.random_order else {})]

    def _note(self, question: Question) -> list[Element]:
        return [{"type": "html", "name": question.code, "html": self.wording.html(question.text, question.help)}]

    def _free(self, question: Question) -> Element:
        return {"type": "text", "name": f"{question.code}_other", "title": self.wording.say("other_text")}

    @staticmethod
    def _remark(name: str, title: str | dict[str, str]) -> Element:
        return {"type": "comment", "name": name, "title": title, "rows": 2, "autoGrow": True}

    def _validators(self, question: Question) -> Element:
        found = [*self._total(question), *self._constraint(question)]
        return {"validators": found} if found else {}

    def _total(self, question: Question) -> Iterable[Element]:
        """Numbers that add up, however binary fractions add; whoever leaves all of them open is not held to it."""
        if question.total is None:
            return
        names = ", ".join(f"{{{question.code}_{item.code}}}" for item in question.items)
        any_answered = " or ".join(f"{{{question.code}_{item.code}}} notempty" for item in question.items)
        expression = f"!({any_answered}) or (round(sum({names}) - {question.total:.15g}, 6) = 0)"
        text = self.wording.say("total", total=question.total)
        yield {"type": "expression", "text": text, "expression": expression}

    def _constraint(self, question: Question) -> Iterable[Element]:
        try:
            condition = enforced(question)
        except InputError as error:
            self.problems += error.problems
            return
        if condition is not None and (expression := self._written(condition, question, "constraint")):
            message = question.constraint_message
            text = self.wording.plain(message) if message is not None else self.wording.say("constraint")
            yield {"type": "expression", "text": text, "expression": expression}

    def _visible(self, when: str, question: Question, where: str | Item) -> Element:
        if not when:
            return {}
        place = where if isinstance(where, str) else f"item {where.code}, when"
        try:
            condition = parse(when)
        except InputError as error:
            self.problems += error.problems
            return {}
        return {"visibleIf": self._written(condition, question, place)}

    def _written(self, condition: Condition, question: Question, where: str) -> str:
        try:
            return self.expressions.condition(condition.expression)
        except Untranslatable as reason:
            self._cannot(f"SurveyJS cannot say “{condition}”: {reason}", question, where)
            return ""

    def _cannot(self, message: str, question: Question, where: str) -> None:
        fix = "Word it otherwise in the routing language, or remove it."
        self.problems.append(
            Problem("surveyjs-untranslatable", f"{message}.", fix, place=f"question {question.code}, {where}")
        )


def _also(shown: Element, element: Element) -> Element:
    """The question's condition joined to an element's own."""
    own, common = element.get("visibleIf"), shown.get("visibleIf")
    return {"visibleIf": f"({common}) and ({own})"} if own and common else shown


def _input(question: Question) -> Element:
    if question.kind == "date":
        return {"inputType": "date"}
    if question.kind not in ("number", "numbers"):
        return {}
    limits = {"min": question.minimum, "max": question.maximum, "step": 1 if question.integer else None}
    return {"inputType": "number"} | {
        key: int(value) if float(value).is_integer() else value for key, value in limits.items() if value is not None
    }
