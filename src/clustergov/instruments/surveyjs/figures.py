"""The numbers of a SurveyJS expression while it is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from clustergov.instruments.arithmetic import Arithmetic, Constant, Count, Number, Sum, Value, variables_of
from clustergov.instruments.condition import DECIMALS, Order, Relation
from clustergov.instruments.questionnaire import Variable
from clustergov.instruments.surveyjs.expressions import FALSE, Expressions
from clustergov.instruments.surveyjs.verdicts import Known, Related, Unreadable


class Figures:
    """Reads numbers; what `Expressions` writes in a roundabout way is recognised by its text."""

    def __init__(self, writer: Expressions, single: Callable[[Any], Variable], text: str) -> None:
        self.writer = writer
        self.single = single
        self.text = text

    def related(self, left: Any, sign: Order, right: Any) -> Related | Known:
        """A comparison of two numbers, or of their rounded difference with 0."""
        if left.data == "call" and left.children[0] == "round":
            difference = self._rounded(left, right)
            if isinstance(difference, Arithmetic) and difference.operator == "-":
                return self._related(difference.left, sign, difference.right)
            return self._related(difference, sign, Constant(0.0))
        bare = frozenset(self.single(side).name for side in (left, right) if side.data == "reference")
        # Two empty answers equal each other; one that is empty differs from any number.
        equal = sign == "!=" or (len(bare) == 2 and sign not in ("<", ">"))
        never, only = (frozenset[str](), bare) if equal else (bare, frozenset[str]())
        return self._related(self.number(left), sign, self.number(right), never, only)

    def _related(
        self, left: Number, sign: Order, right: Number,
        never: frozenset[str] = frozenset(), only: frozenset[str] = frozenset(),
    ) -> Related | Known:  # fmt: skip
        names = dict.fromkeys((*variables_of(left), *variables_of(right)))
        if not names:
            return Known(Relation(left, sign, right).holds({}))
        by_name = self.writer.questionnaire.by_name
        return Related(left, sign, right, tuple(by_name[name] for name in names), never, only)

    def _rounded(self, tree: Any, right: Any) -> Number:
        arguments = tree.children[1:]
        if len(arguments) != 2 or self.number(arguments[1]) != Constant(float(DECIMALS)):
            raise Unreadable
        if self.number(right) != Constant(0.0):
            raise Unreadable
        return self.number(arguments[0])

    def number(self, tree: Any) -> Number:
        match tree.data:
            case "number":
                return Constant(float(tree.children[0]))
            case "reference":
                return self._reference(tree)
            case "total" | "product":
                return self._chain(tree.children)
            case "call" if tree.children[0] == "sum":
                return self._sum(tree.children[1:])
            case "call" if tree.children[0] == "iif":
                return self._spelled(tree)
            case _:
                raise Unreadable

    def _chain(self, children: list[Any]) -> Number:
        number = self.number(children[0])
        for sign, right in zip(children[1::2], children[2::2], strict=True):
            other = self.number(right)
            negative = sign == "-" and number == Constant(0.0) and isinstance(other, Constant)
            number = Constant(-other.value) if negative else Arithmetic(str(sign), number, other)  # type: ignore[union-attr, arg-type]  # a constant; the grammar's signs
        return number

    def _reference(self, tree: Any) -> Number:
        variable = self.single(tree)
        if variable.kind == "number" or (
            variable.kind == "choice" and self.writer.number_of(variable) == str(tree.children[0])
        ):
            return Value(variable.name)
        raise Unreadable

    def _sum(self, trees: list[Any]) -> Number:
        trees = [tree for tree in trees if self._source(tree) not in ("0", f"iif({FALSE}, 1, 0)")]
        if not trees:
            return Constant(0.0)
        if all(tree.data == "call" and self._source(tree).endswith(", 1, 0)") for tree in trees):
            return self._count(trees)
        return Sum(tuple(self._added(tree) for tree in trees))

    def _added(self, tree: Any) -> str:
        if tree.data == "reference" and self.single(tree).kind == "number":
            return self.single(tree).name
        return self._written_as(tree, self.writer.added)

    def _count(self, trees: list[Any]) -> Number:
        names: list[str] = []
        codes: set[str | None] = set()
        for tree in trees:
            name, code = self._counted(tree)
            names.append(name)
            codes.add(code)
        if len(codes) != 1:
            raise Unreadable
        return Count(tuple(names), codes.pop())

    def _counted(self, tree: Any) -> tuple[str, str | None]:
        source = self._source(tree)
        # That a box was answered says only that it was asked, and does not name it.
        boxes = (variable for variable in self.writer.questionnaire.variables if variable.kind == "tick")
        for variable in (*self._looked_at(tree), *boxes):
            codes = variable.scale.codes if variable.scale is not None else re.findall(r"= '?(-?[0-9.-]+)", source)
            for code in (None, *codes):
                if self.writer.counted(variable.name, code) == source:
                    return variable.name, code
        raise Unreadable

    def _spelled(self, tree: Any) -> Number:
        return Value(self._written_as(tree, self.writer.number_of))

    def _written_as(self, tree: Any, write: Callable[[Variable], str]) -> str:
        """The variable that would be written as this part is."""
        source = self._source(tree)
        for variable in self._looked_at(tree):
            if write(variable) == source:
                return variable.name
        raise Unreadable

    def _looked_at(self, tree: Any) -> Iterable[Variable]:
        """The variables that the references of a part may name, boxes each by itself."""
        source = self._source(tree)
        references = set(re.findall(r"\{[^{}]+\}", source))
        for variable in self.writer.questionnaire.variables:
            if not self.writer.names.obstacle(variable) and self.writer.names.reference(variable) in references:
                yield variable

    def _source(self, tree: Any) -> str:
        return self.text[tree.meta.start_pos : tree.meta.end_pos]
