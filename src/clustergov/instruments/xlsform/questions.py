"""One line of an ordinary XLSForm as a question."""

from __future__ import annotations

import re

from clustergov.instruments.exchange import Notes
from clustergov.instruments.questionnaire import Item, Question
from clustergov.instruments.xlsform.cells import sentence
from clustergov.instruments.xlsform.choices import OTHER, Choices
from clustergov.instruments.xlsform.columns import Line
from clustergov.instruments.xlsform.form import Field
from clustergov.instruments.xlsform.types import FormType
from clustergov.instruments.xlsform.wording import Wording
from clustergov.instruments.xlsform.xpath.syntax import Literal, Node, Operation, Reference, Several, tree

NOT_ASKED = ("calculate", "metadata", "setting")
_YES = {"yes", "true", "true()"}
_NO = {"", "no", "false", "false()"}


class Questions:
    """Makes questions of lines; conditions and constraints stay as the form writes them."""

    def __init__(self, choices: Choices, wording: Wording, notes: Notes) -> None:
        self._choices = choices
        self._wording = wording
        self._notes = notes

    def question(self, field: Field, code: str, relevance: str) -> Question:
        """The question that a line asks, under the code given."""
        line, kind = field.line, self._kind(field)
        if kind.note:
            self._note(field, "type", "xlsform-type", f"{kind.note}.")
        items: tuple[Item, ...] = ()
        scale = ""
        if kind.kind == "multiple":
            items = self._choices.items(kind.list, without=frozenset({OTHER} if kind.other else ()))
        elif kind.kind == "ranking":
            scale = self._choices.scale(kind.list, ordered=False)
            items = self._places(len(self._choices.scales[scale].options))
        elif kind.kind == "single":
            scale = self._choices.scale(kind.list, other=kind.other) if kind.list else self._choices.confirmation()
        elif kind.other:
            self._note(field, "type", "xlsform-type", "the free “other” answer is not expressed.")
        return Question(
            code=code, kind=kind.kind, text=self._wording.required(line, "label", code), help=self._wording.text(line, "hint"),
            scale=scale, items=items, relevance=relevance, required=self._required(field),
            integer=kind.integer and kind.kind == "number", other=kind.other and kind.kind in ("single", "multiple"),
            random_order=self._random(field, kind.kind),
        )  # fmt: skip

    def _kind(self, field: Field) -> FormType:
        kind = field.type
        if kind.kind not in ("single", "multiple", "ranking") or not kind.list:
            return kind
        if self._choices.codes(kind.list) and not kind.from_file:
            return kind
        where = "a file" if kind.from_file else "an answer" if "${" in kind.list else "another sheet"
        return FormType("text", note=f"its choices stand in {where} ({kind.list}); the answer is kept as text")

    def _places(self, count: int) -> tuple[Item, ...]:
        languages = self._wording.languages
        return tuple(
            Item(code=str(place), text=sentence("xlsform.place", languages, place=place))
            for place in range(1, count + 1)
        )

    def _required(self, field: Field) -> bool:
        text = field.line.look("required").strip()
        if text.casefold() in _YES | _NO and not (field.type.kind == "note" and text.casefold() in _YES):
            field.line.take("required")
        return text.casefold() in _YES and field.type.kind != "note"

    def _random(self, field: Field, kind: str) -> bool:
        parameters = field.line.look("parameters")
        if (
            kind not in ("single", "multiple")
            or re.sub(r"\s*=\s*", "=", parameters.strip().casefold()) != "randomize=true"
        ):
            return False
        field.line.take("parameters")
        return True

    def _note(self, field: Field, column: str, rule: str, message: str) -> None:
        self._notes.add(rule, f"“{field.name}”: {message}", place=field.line.place(column), line=field.line.number)


def limited(question: Question, field: Field) -> tuple[Question, Node | None]:
    """A number with the limits that its constraint and its parameters tell, and what else the constraint says.

    Raises
    ------
    Unreadable
        The constraint cannot be read.
    """
    text = field.line.look("constraint")
    node = tree(text, field.name) if text.strip() else None
    if question.kind != "number":
        return question, node
    low, high = _slider(field.line) if field.type.note == "a slider" else (None, None)
    rest: list[Node] = []
    for part in () if node is None else node.parts if isinstance(node, Several) and node.word == "and" else (node,):
        sign, value = _limit(part, field.name, integer=question.integer)
        if sign == ">=":
            low = value if low is None else max(low, value)
        elif sign == "<=":
            high = value if high is None else min(high, value)
        else:
            rest.append(part)
    if low is not None and high is not None and low > high:
        return question, node
    integer = question.integer or (field.type.note == "a slider" and _whole_steps(field.line))
    limited = question.model_copy(update={"minimum": low, "maximum": high, "integer": integer})
    return limited, None if not rest else rest[0] if len(rest) == 1 else Several("and", tuple(rest))


def _limit(part: Node, name: str, *, integer: bool) -> tuple[str, float]:
    """The limit that a part of a constraint is; “” for anything else."""
    match part:
        case Operation(sign, Reference(own, None), Literal(float() as value)) if own == name:
            pass
        case Operation(sign, Literal(float() as value), Reference(own, None)) if own == name:
            sign = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(sign, sign)
        case _:
            return "", 0.0
    if sign in (">=", "<="):
        return sign, value
    if integer and sign in ("<", ">") and value.is_integer():
        return f"{sign}=", value + (1 if sign == ">" else -1)
    return "", 0.0


_PARAMETER = re.compile(r"(start|end|step)\s*=\s*(-?\d+(?:\.\d+)?)(?=[\s;,]|$)")


def _slider(line: Line) -> tuple[float | None, float | None]:
    found = {name: float(value) for name, value in _PARAMETER.findall(line.look("parameters").casefold())}
    low, high = found.get("start", 1.0), found.get("end", 10.0)
    if not re.sub(_PARAMETER, "", line.look("parameters").casefold()).strip(" ;,") and found.get("step", 1.0) == 1.0:
        line.take("parameters")
    return min(low, high), max(low, high)


def _whole_steps(line: Line) -> bool:
    found = {name: float(value) for name, value in _PARAMETER.findall(line.look("parameters").casefold())}
    return all(found.get(name, 1.0).is_integer() for name in ("start", "end", "step"))
