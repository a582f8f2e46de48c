"""Which questions can be asked at all: a questionnaire as formulas, put to the solver z3 question by question.

A variable that conditions only compare with constants has a few classes of answers that no condition tells apart; each
class is a proposition, as is every question's being asked. Numbers that are computed with are reals or integers within
their limits. Everything keeps the meaning that `condition` gives, as the classes are found by asking it. What is not
linear, such as one answer divided by another, is left undecided, and so is all that the solver does not settle within
its bound: only what is proved is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from clustergov.instruments.arithmetic import Constant, Sum
from clustergov.instruments.asking import enforced, guarding
from clustergov.instruments.condition import Answered, Comparison, Condition, Expression, Relation
from clustergov.instruments.questionnaire import Question, Questionnaire, Variable
from clustergov.instruments.rules.codes import places
from clustergov.instruments.solver.formulas import Formulas
from clustergov.yaml_file import Place

EFFORT = 2_000_000
"""What one query may cost in z3's own unit, about 0.2 s; counted, not timed, so that every machine finds the same."""
WHOLE_EFFORT = 60_000_000
"""What all queries of a questionnaire may cost, about 6 s; 500 questions, half of them routed, take 3 million."""
ASKED_EVERY = 16
"""After how many questions the cost so far is looked at, as looking has its own."""
EXPLAINED = 10
"""How many findings are traced to the questions they rest on; further ones name what their condition looks at."""

Kind = Literal[
    "contradiction", "unreachable", "always", "no answer passes", "cannot hold", "always holds", "never applies"
]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something proved about one condition.

    Attributes
    ----------
    kind : Kind
        Of a condition: contradicts itself, never holds because of what it rests on, always holds. Of a constraint: rules
        out every answer to a required question, cannot hold, always holds, never applies to anybody.
    place : Place
        Of the condition in the questionnaire.
    about : tuple of str
        Codes of the questions that an unreachable one rests on.
    """

    kind: Kind
    place: Place
    about: tuple[str, ...] = ()


def findings(questionnaire: Questionnaire, conditions: Mapping[Place, Condition]) -> Iterator[Finding]:
    """Everything that can be proved about the conditions of a questionnaire.

    Parameters
    ----------
    questionnaire : Questionnaire
        Each of its conditions looks at earlier questions only, a constraint also at its own.
    conditions : mapping of Place to Condition
        The conditions that are free of mistakes, by their place; any other condition may hold or not.
    """
    if not conditions:
        return
    model = _Model(questionnaire, conditions)
    for index, (place, question) in enumerate(places(questionnaire)):
        if index % ASKED_EVERY == 0 and model.spent():
            return
        yield from model.add(place, question)


class _Model:
    """Formulas for the questions added so far."""

    def __init__(self, questionnaire: Questionnaire, conditions: Mapping[Place, Condition]) -> None:
        import z3

        self.z3 = z3
        self.context = z3.Context()  # its own: what was solved before must not change what is found now
        self.solver = z3.Solver(ctx=self.context)
        self.solver.set("rlimit", EFFORT)
        self.conditions = conditions
        self.asserted: list[tuple[str, Any]] = []
        self.never: set[str] = set()
        self.explained = 0
        self.formulas = Formulas(questionnaire, conditions.values(), z3, self.context)
        self.variables: dict[str, list[Variable]] = {}
        for variable in questionnaire.variables:
            self.variables.setdefault(variable.question.code, []).append(variable)

    def spent(self) -> bool:
        statistics = self.solver.statistics()
        return "rlimit count" in statistics.keys() and statistics.get_key_value("rlimit count") > WHOLE_EFFORT  # noqa: SIM118  # no mapping

    def add(self, place: Place, question: Question) -> Iterator[Finding]:
        """What can be said of a question's conditions, given the questions before it."""
        looked_at = [each for each in self.variables.get(question.code, ()) if each.name in self.formulas.needed]
        if not (looked_at or question.when or question.constraint or any(item.when for item in question.items)):
            return
        asked = self._defined(question, f"asked {place}", (*place, "when"))
        yield from self._condition_findings((*place, "when"), asked, asked)
        lost = question.code in self.never
        shown = {"": asked}
        for k, item in enumerate(question.items):
            where = (*place, "items", k, "when")
            shown[item.code] = asked
            if item.when:
                own = self._literal(f"shown {where}", self.conditions.get(where), question.code)
                shown[item.code] = self.z3.And(asked, own)
                if not lost:
                    yield from self._condition_findings(where, shown[item.code], own, given=asked)
        self._add_answers(question, looked_at, asked, shown)
        constraint = self.conditions.get((*place, "constraint"))
        if constraint is not None and not lost:
            yield from self._constraint_findings((*place, "constraint"), question, constraint, asked)

    def _defined(self, question: Question, name: str, where: Place) -> Any:
        if not question.when and not question.relevance:
            return self.z3.BoolVal(True, ctx=self.context)
        # What an imported file says in words of its own is unknown, and joins whatever else is said.
        return self._literal(name, None if question.relevance else self.conditions.get(where), question.code)

    def _literal(self, name: str, condition: Condition | None, owner: str) -> Any:
        """A proposition for a condition; free where the condition is not known."""
        literal = self.z3.Bool(name, ctx=self.context)
        if condition is not None:
            self._assert(owner, literal == self._formula(condition.expression))
        return literal

    def _formula(self, expression: Expression) -> Any:
        formula = self.formulas.formula(expression)
        for domain in self.formulas.fresh():
            self._assert("", domain)
        return formula

    def _assert(self, owner: str, formula: Any) -> None:
        self.asserted.append((owner, formula))
        self.solver.add(formula)

    def _impossible(self, *formulas: Any) -> bool:
        return bool(self.solver.check(*formulas) == self.z3.unsat)

    def _condition_findings(self, where: Place, shown: Any, own: Any, given: Any = None) -> Iterator[Finding]:
        condition = self.conditions.get(where)
        if condition is None:
            return
        others = () if given is None else (given,)
        if self._impossible(*others, own):
            yield self._explain(where, condition, shown)
        elif self._impossible(*others, self.z3.Not(own)):
            yield Finding("always", where)

    def _explain(self, where: Place, condition: Condition, shown: Any) -> Finding:
        """Why a condition never holds: of itself, or because of other questions."""
        if len(where) == 5:
            self.never.add(self.formulas.questionnaire.sections[where[1]].questions[where[3]].code)  # type: ignore[index]  # a place's numbers
        own = self.formulas.formula(condition.expression)
        alone = self._solver()
        alone.add(*(domain for name in condition.variables for domain in self.formulas.domains[name]), own)
        if alone.check() == self.z3.unsat:
            return Finding("contradiction", where)
        codes = {name: self.formulas.questionnaire.by_name[name].question.code for name in condition.variables}
        lost = [name for name in condition.variables if codes[name] in self.never]
        if alone.check(*(self.z3.Not(self.formulas.answered(name)) for name in lost)) == self.z3.unsat:
            return Finding("unreachable", where, tuple(dict.fromkeys(codes[name] for name in lost)))
        return Finding(
            "unreachable", where, self._core(shown, of_item=len(where) > 5) or tuple(dict.fromkeys(codes.values()))
        )

    def _core(self, shown: Any, *, of_item: bool) -> tuple[str, ...]:
        """Codes of the questions without which it could be reached; for an item its own question may be one of them."""
        self.explained += 1
        if self.explained > EXPLAINED:
            return ()
        solver = self._solver()
        solver.set("core.minimize", True)
        tracked: dict[str, Any] = {}
        for owner, formula in self.asserted:
            if not owner:
                solver.add(formula)
                continue
            mark = tracked.setdefault(owner, self.z3.Bool(f"of {owner}", ctx=self.context))
            solver.add(self.z3.Implies(mark, formula))
        if solver.check(shown, *tracked.values()) != self.z3.unsat:
            return ()
        blamed = {str(each) for each in solver.unsat_core()}
        own = "" if of_item else next(reversed(tracked), "")
        return tuple(owner for owner in tracked if f"of {owner}" in blamed and owner != own)

    def _solver(self) -> Any:
        solver = self.z3.Solver(ctx=self.context)
        solver.set("rlimit", EFFORT)
        return solver

    def _add_answers(self, question: Question, looked_at: list[Variable], asked: Any, shown: Mapping[str, Any]) -> None:
        """Who is not asked leaves blank; boxes are ticked or not; what is required is answered; totals are reached."""
        z3, code = self.z3, question.code
        answered = {}
        for each in looked_at:
            answered[each.name] = self._formula(Answered(each.name))
            reached = shown[each.item.code if each.item else ""]
            self._assert(code, z3.Implies(answered[each.name], reached))
            if each.kind == "tick":
                self._assert(code, z3.Implies(reached, answered[each.name]))
        self._add_total(question, answered)
        required = list(self._required(question, looked_at, answered, asked, shown))
        if required and not self._impossible(asked, *required):
            self._assert(code, z3.And(*required))

    def _add_total(self, question: Question, answered: Mapping[str, Any]) -> None:
        names = tuple(name for name in answered if self.formulas.questionnaire.by_name[name].kind == "number")
        if question.total is None or question.kind != "numbers" or not names:
            return
        reached = self._formula(Relation(Sum(names), "=", Constant(question.total)))
        self._assert(question.code, self.z3.Or(reached, self.z3.Not(self.z3.Or(*(answered[name] for name in names)))))

    def _required(
        self,
        question: Question,
        looked_at: list[Variable],
        answered: Mapping[str, Any],
        asked: Any,
        shown: Mapping[str, Any],
    ) -> Iterator[Any]:
        """What being required means, for the kinds of which it is certain."""
        if not question.required:
            return
        if question.kind == "multiple" and not question.other:
            ticked = [self._formula(Comparison(each.name, "=", ("Y",))) for each in looked_at if each.kind == "tick"]
            if ticked and not any(item.when for item in question.items):
                yield self.z3.Implies(asked, self.z3.Or(*ticked))
        if question.kind not in {"single", "array", "number", "text", "date", "file"}:
            return
        for each in looked_at:
            evasive = each.scale is not None and any(option.blank for option in each.scale.options)
            if each.name.endswith(("_other", "_comment")) or (
                each.kind == "choice" and (evasive or each.scale is None)
            ):
                continue
            yield self.z3.Implies(shown[each.item.code if each.item else ""], answered[each.name])

    def _constraint_findings(
        self, where: Place, question: Question, constraint: Condition, asked: Any
    ) -> Iterator[Finding]:
        rule = enforced(question)
        guard = guarding(constraint)
        assert rule is not None  # it has a constraint
        holds = self._formula(rule.expression)
        applies = [asked] if guard is None else [asked, self._formula(guard.expression)]
        if self._impossible(*applies):
            yield Finding("never applies", where)
        elif self._impossible(*applies, holds):
            blocked = question.required and self._impossible(asked, holds)
            yield Finding("no answer passes" if blocked else "cannot hold", where)
            return
        elif self._impossible(asked, self.z3.Not(holds)):
            yield Finding("always holds", where)
        self._assert(question.code, self.z3.Implies(asked, holds))
