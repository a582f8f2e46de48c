"""The answers that the rows of a form hold, as an expression refers to them."""

from __future__ import annotations

from collections.abc import Mapping

from clustergov.instruments.questionnaire import Variable
from clustergov.instruments.xlsform.xpath.syntax import Reference, Unreadable


class Answers:
    """What the rows of a form hold: one variable, all ticks of a multiple choice, or all places of a ranking."""

    def __init__(self, variables: Mapping[str, Variable], rows: Mapping[str, str]) -> None:
        """Of each row name that holds answers, its variable's name, or its question's code."""
        self._variables = variables
        self._rows = rows
        self._parts: dict[str, list[Variable]] = {}
        for variable in variables.values():
            if variable.kind == "tick" or (variable.question.kind == "ranking" and variable.kind == "choice"):
                self._parts.setdefault(variable.question.code, []).append(variable)

    def variable(self, reference: Reference) -> Variable:
        """The one variable that a reference is."""
        name = self._rows.get(reference.name, "")
        if reference.place is not None:
            places = self._parts.get(name, [])
            if reference.place < len(places) and places[0].question.kind == "ranking":
                return places[reference.place]
            raise Unreadable
        if name not in self._variables or name in self._parts:
            raise Unreadable
        return self._variables[name]

    def ticks(self, reference: Reference) -> list[Variable] | None:
        """The ticks of a multiple choice; None for anything else."""
        parts = self._parts.get(self._rows.get(reference.name, ""), [])
        return parts if reference.place is None and parts and parts[0].kind == "tick" else None
