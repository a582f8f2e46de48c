"""Export as JSON Schema (draft 2020-12): what one response, an object of variable to answer, may hold."""

from __future__ import annotations

import json
from typing import Any

from clustergov.instruments.asking import enforced
from clustergov.instruments.condition import Answered, Comparison, Condition, Expression, Junction, Negation
from clustergov.instruments.exchange import Exported, Notes
from clustergov.instruments.questionnaire import Question, Questionnaire, Variable
from clustergov.instruments.routing import parse

DRAFT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

_ANYTHING: Schema = {}
_NOTHING: Schema = {"not": {}}


def to_json_schema(questionnaire: Questionnaire) -> Exported:
    """The schema of one response: a flat object with a property for each variable; blank is null, or left out.

    Codes are listed with their labels in the base language (``oneOf`` of ``const`` and ``title``), numbers have their
    limits, and an answer to what was not asked is refused (``if`` answered ``then`` the condition). An option that is no
    substantive answer, and an unticked box, are no answer in that sense. What stands under ``x-`` binds nobody:
    ``x-question``, ``x-kind``, ``x-blank`` (codes of options that are no substantive answer), ``x-required``, ``x-unit``,
    ``x-total`` and ``x-when`` and ``x-constraint`` as the questionnaire writes them.

    Notes
    -----
    Warnings name what the schema does not hold responses to: totals and conditions on computed numbers, since JSON
    Schema does not compute; compulsory questions, since a response may be partial; routing that was never read.

    Raises
    ------
    InputError
        A condition is none.
    """
    writer = _Writer(questionnaire)
    base = questionnaire.languages[0]
    schema: Schema = {
        "$schema": DRAFT,
        "title": questionnaire.title.to(base),
        "description": f"One response to the questionnaire {questionnaire.questionnaire}, version {questionnaire.version}.",
        "type": "object",
        "properties": {variable.name: writer.property(variable) for variable in questionnaire.variables},
        "additionalProperties": False,
    }
    if rules := writer.rules():
        schema["allOf"] = rules
    return Exported((json.dumps(schema, ensure_ascii=False, indent=2) + "\n").encode(), writer.notes.all())


class _Writer:
    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire
        self.base = questionnaire.languages[0]
        self.notes = Notes()

    def property(self, variable: Variable) -> Schema:
        """What one variable may hold, and what is known of it."""
        question = variable.question
        labelled = variable.label.to(self.base)
        described = {"description": question.text.to(self.base)} if labelled != question.text.to(self.base) else {}
        blank = [option.code for option in variable.scale.options if option.blank] if variable.scale is not None else []
        told = {
            "x-unit": question.unit.to(self.base) if question.unit is not None and variable.kind == "number" else None,
            "x-blank": blank or None,
            "x-required": question.required or None,
            "x-when": " and ".join(_bracketed(variable)) or None,
        }
        return {
            "title": labelled,
            **described,
            **_held(variable, self.base),
            "x-question": question.code,
            "x-kind": question.kind,
            **{key: value for key, value in told.items() if value is not None},
        }

    def rules(self) -> list[Schema]:
        """What holds among the answers: routing, and constraints."""
        found: list[Schema] = []
        for question in self.questionnaire.questions:
            self._noted(question)
            found += self._routing(question)
            found += self._constraint(question)
        return found

    def _routing(self, question: Question) -> list[Schema]:
        found = []
        for variable in self.questionnaire.of(question.code):
            item = variable.item
            texts = [
                (question.when, "when"),
                (item.when if item is not None else "", f"item {item.code if item else ''}, when"),
            ]
            needed = [schema for text, place in texts if text for schema in self._needed(text, question, place)]
            if needed:
                found.append({"if": _answered(variable), "then": _joined("allOf", needed)})
        return found

    def _needed(self, text: str, question: Question, place: str) -> list[Schema]:
        """The parts of a condition that can be said; of those that cannot a note tells, once a place."""
        expression = parse(text).expression
        parts = expression.parts if isinstance(expression, Junction) and expression.operator == "and" else (expression,)
        schemas = []
        for part in parts:
            try:
                schemas.append(self._schema(part))
            except _Untranslatable:
                self._note(
                    question, place, f"routing “{Condition(part)}” is computed, and JSON Schema does not compute"
                )
        return schemas

    def _constraint(self, question: Question) -> list[Schema]:
        condition = enforced(question)
        if condition is None:
            return []
        try:
            schema = self._schema(condition.expression)
        except _Untranslatable:
            self._note(question, "constraint", f"“{question.constraint}” is computed, and JSON Schema does not compute")
            return [{"$comment": f"{question.code}: {question.constraint}", "x-constraint": question.constraint}]
        return [schema | {"x-constraint": question.constraint}]

    def _noted(self, question: Question) -> None:
        if question.total is not None:
            self._note(
                question,
                "total",
                f"numbers that add up to {question.total:g} are not checked: JSON Schema does not sum",
            )
        if question.required:
            self._note(question, "required", "a compulsory question may be left open in a response")
        if question.relevance:
            self._note(question, "relevance", "routing that was never read is not checked")
        if question.kind == "ranking":
            self._note(question, "items", "that no option is ranked twice is not checked")

    def _note(self, question: Question, place: str, message: str) -> None:
        told = f"question {question.code}, {place}"
        if not any(note.place == told and note.message == f"{message}." for note in self.notes.all()):
            self.notes.add("json-schema-unchecked", f"{message}.", place=told)

    def _schema(self, expression: Expression) -> Schema:
        """The schema that a response keeps to exactly where the expression holds for it."""
        match expression:
            case Negation(part):
                return {"not": self._schema(part)}
            case Junction(word, parts):
                return _joined("allOf" if word == "and" else "anyOf", [self._schema(part) for part in parts])
            case Answered(name):
                return self._where(name, None)
            case Comparison(name, _, _):
                return self._where(name, expression)
            case _:
                raise _Untranslatable

    def _where(self, name: str, comparison: Comparison | None) -> Schema:
        variable = self.questionnaire.by_name.get(name)
        if variable is None:
            raise _Untranslatable
        if variable.scale is not None:
            codes = [code for code in variable.scale.codes if comparison is None or comparison.admits(code)]
            return _property(name, {"enum": codes}) if codes else _NOTHING
        if comparison is None:
            return _property(name, _filled(variable))
        if variable.kind == "number":
            return _property(name, {"type": "number"} | _compared(comparison))
        if any(not isinstance(value, str) for value in comparison.values) or comparison.operator not in (
            "=",
            "!=",
            "in",
        ):
            raise _Untranslatable
        listed = {"enum": list(comparison.values)}
        return _property(name, _filled(variable) | ({"not": listed} if comparison.operator == "!=" else listed))


class _Untranslatable(Exception):  # noqa: N818 - control flow inside this module
    """JSON Schema cannot say this."""


def _held(variable: Variable, language: str) -> Schema:
    question = variable.question
    if variable.scale is not None:
        options = [{"const": option.code, "title": option.text.to(language)} for option in variable.scale.options]
        return {"oneOf": [*options, {"type": "null"}]}
    if variable.kind != "number":
        form = {"format": "date", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"} if variable.kind == "date" else {}
        return {"type": ["string", "null"], **form}
    limits = {"minimum": question.minimum, "maximum": question.maximum, "x-total": question.total}
    kept = {key: _whole(value) for key, value in limits.items() if value is not None}
    return {"type": ["integer" if question.integer else "number", "null"], **kept}


def _answered(variable: Variable) -> Schema:
    """That a variable holds an answer: no blank, no option marked so, no box left unticked."""
    if variable.kind == "tick":
        return _property(variable.name, {"const": "Y"})
    if variable.scale is not None:
        return _property(variable.name, {"enum": list(variable.scale.codes)})
    return _property(variable.name, _filled(variable))


def _filled(variable: Variable) -> Schema:
    return {"type": "number"} if variable.kind == "number" else {"type": "string", "minLength": 1}


def _compared(comparison: Comparison) -> Schema:
    numbers = [_whole(value) for value in map(_as_number, comparison.values) if value is not None]
    match comparison.operator:
        case "=" | "in":
            return {"enum": numbers} if numbers else _NOTHING
        case "!=":
            return {"not": {"enum": numbers}} if numbers else _ANYTHING
        case sign:
            key = {"<": "exclusiveMaximum", "<=": "maximum", ">": "exclusiveMinimum", ">=": "minimum"}[sign]
            return {key: numbers[0]}


def _as_number(value: str | float) -> float | None:
    """The number that equals a value; a code equals a number only where it is written as one."""
    if not isinstance(value, str):
        return value
    try:
        number = float(value)
    except ValueError:
        return None
    return number if Comparison("x", "=", (value,)).admits(number) else None


def _whole(value: float) -> float | int:
    return int(value) if float(value).is_integer() else value


def _property(name: str, schema: Schema) -> Schema:
    return {"properties": {name: schema}, "required": [name]}


def _joined(word: str, schemas: list[Schema]) -> Schema:
    return schemas[0] if len(schemas) == 1 else {word: schemas}


def _bracketed(variable: Variable) -> list[str]:
    texts = [variable.question.when, variable.item.when if variable.item is not None else ""]
    texts = [text for text in texts if text]
    return [f"({text})" for text in texts] if len(texts) > 1 else texts
