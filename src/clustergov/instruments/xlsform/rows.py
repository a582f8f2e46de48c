"""The rows of the survey sheet that a question is written in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from clustergov.instruments.arithmetic import Constant, Count, Sum, plain
from clustergov.instruments.asking import enforced
from clustergov.instruments.condition import Condition, Expression, Junction, Negation, Relation
from clustergov.instruments.exchange import Notes
from clustergov.instruments.questionnaire import Question, Questionnaire, Variable
from clustergov.instruments.routing import parse
from clustergov.instruments.xlsform.cells import hint, item_type, limits, question_type, sentence
from clustergov.instruments.xlsform.names import Names
from clustergov.instruments.xlsform.xpath.writing import Expressions, Untranslatable
from clustergov.language import Text
from clustergov.problems import InputError, Problem

MOST_IN_TABLE = 7
"""Options of a scale that is shown as a table; a wider one does not fit on a telephone."""


_REFERENCE = re.compile(r"\$\{\s*([^{}]+?)\s*\}")


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """One row of the survey sheet."""

    type: str
    name: str = ""
    label: Text | None = None
    hint: Text | None = None
    required: bool = False
    relevant: str = ""
    constraint: str = ""
    constraint_message: Text | None = None
    calculation: str = ""
    appearance: str = ""
    choice_filter: str = ""
    parameters: str = ""
    refers: bool = False
    """Its texts show answers: ``${name}`` in them is no accident."""

    def logic(self) -> tuple[object, ...]:
        """What decides who is asked and which answers are taken: everything but the words."""
        return (
            self.type, self.required, self.relevant, self.constraint, self.calculation, self.appearance,
            self.choice_filter, self.parameters,
        )  # fmt: skip


class RowWriter:
    """Writes questions as rows, and collects what cannot be written.

    Attributes
    ----------
    problems : list of Problem
        Conditions that XLSForm cannot express: errors, for they decide who is asked.
    """

    def __init__(self, questionnaire: Questionnaire, names: Names, notes: Notes) -> None:
        self.questionnaire = questionnaire
        self.names = names
        self.notes = notes
        self.problems: list[Problem] = []
        self._expressions = Expressions(questionnaire, names)

    def question(self, question: Question) -> list[SurveyRow]:
        """The rows of one question, in the order of the sheet."""
        relevant = self._condition(question.when, question.code)
        if question.relevance and self._is_ours(question.relevance):
            relevant = _and(relevant, question.relevance)
        elif question.relevance:
            self._problem(question.code, f"the condition {question.relevance} was imported and not understood",
                          "Write it as `when`, and remove `relevance`.")  # fmt: skip
        grouped = question.kind in ("array", "numbers", "texts")
        rows = list(self._group(question, relevant)) if grouped else [self._single(question, relevant)]
        rows = self._constrained(question, rows, "" if grouped else relevant)
        end = [SurveyRow("end_group", rows[0].name)] if grouped else []
        return [*rows, *end, *self._free_answers(question, relevant)]

    def _is_ours(self, relevance: str) -> bool:
        """Whether a condition that was never understood came from an XLSForm, and all that it looks at is there."""
        names = {name for _, name in self.names.answers()}
        return self.questionnaire.imported_from == "XLSForm" and set(_REFERENCE.findall(relevance)) <= names

    def _single(self, question: Question, relevant: str) -> SurveyRow:
        row = SurveyRow(
            question_type(question, self.names), self.names.row("answer", question.code), question.text, hint(question),
            required=question.required and question.kind != "note", relevant=relevant,
        )  # fmt: skip
        if question.kind == "number":
            row = replace(row, constraint=limits(question), constraint_message=self._range_message(question))
        if question.random_order:
            if question.kind in ("single", "multiple"):
                row = replace(row, parameters="randomize=true")
            else:
                self.notes.add(
                    "xlsform-order", "the order of chance of these items is not expressed.", place=question.code
                )
        if question.kind == "multiple":
            row = replace(row, choice_filter=self._choice_filter(question))
        if question.kind == "ranking":
            self._note_ranking(question)
        return row

    def _note_ranking(self, question: Question) -> None:
        scale = self.questionnaire.scales.get(question.scale)
        if scale is not None and len(question.items) < len(scale.options):
            self.notes.add("xlsform-ranking", f"all {len(scale.options)} options are put in order, not {len(question.items)} of them.",
                           place=question.code)  # fmt: skip
        for item in question.items:
            if item.when:
                self._problem(f"{question.code}_{item.code}", f"the place of a ranking has a condition of its own ({item.when})",
                              "Remove it, or ask the ranking as single choices.")  # fmt: skip

    def _group(self, question: Question, relevant: str) -> Iterator[SurveyRow]:
        table = question.kind == "array" and self._one_small_scale(question)
        name = self.names.row("group", question.code)
        yield SurveyRow("begin_group", name, relevant=relevant, appearance="table-list" if table else "")
        yield SurveyRow("note", self.names.row("text", question.code), question.text, hint(question))
        for item in question.items:
            variable = f"{question.code}_{item.code}"
            row = SurveyRow(
                item_type(question, item, self.names), self.names.row("answer", variable), item.text, required=question.required,
                relevant=self._condition(item.when, variable),
            )  # fmt: skip
            if question.kind == "numbers":
                row = replace(row, constraint=limits(question), constraint_message=self._range_message(question))
            yield row
        if question.random_order:
            self.notes.add("xlsform-order", "the order of chance of these items is not expressed.", place=question.code)
        if question.kind == "numbers" and question.total is not None:
            yield from self._total_rows(question)

    def _one_small_scale(self, question: Question) -> bool:
        scale = self.questionnaire.scales.get(question.scale)
        return (
            scale is not None and len(scale.options) <= MOST_IN_TABLE and not any(item.scale for item in question.items)
        )

    def _total_rows(self, question: Question) -> Iterator[SurveyRow]:
        """The sum, and a note that cannot be passed while it is not the total.

        A constraint alone would not do: ODK looks at it only where the field itself is filled in.
        """
        names, total = _number_names(question), question.total or 0.0
        summed = self.names.row("sum", question.code)
        parts = [f"coalesce(${{{self.names.row('answer', name)}}}, 0)" for name in names]
        yield SurveyRow("calculate", summed, calculation=f"round({' + '.join(parts)}, 6)")
        missed = _both(Relation(Count(names), ">", Constant(0.0)), Relation(Sum(names), "!=", Constant(total)))
        yield SurveyRow(
            "note", self.names.row("total", question.code), self._total_message(question), required=True,
            relevant=self._written(missed, question.code), refers=True,
        )  # fmt: skip

    def _total_message(self, question: Question) -> Text:
        shown = f"${{{self.names.row('sum', question.code)}}}"
        return sentence("xlsform.total", self.questionnaire.languages, total=plain(question.total or 0.0), sum=shown)

    def _last_message(self, question: Question) -> Text:
        return sentence("xlsform.last", self.questionnaire.languages, total=plain(question.total or 0.0))

    def _range_message(self, question: Question) -> Text | None:
        if question.constraint_message is not None and not question.constraint:
            return question.constraint_message
        low = None if question.minimum is None else plain(question.minimum)
        high = None if question.maximum is None else plain(question.maximum)
        key = "between" if low and high else "at_least" if low else "at_most"
        if not low and not high:
            return None
        languages = self.questionnaire.languages
        amounts = sentence(f"xlsform.{key}", languages, low=low, high=high)
        return Text({each: sentence("xlsform.range", (each,), limits=amounts[each])[each] for each in languages})

    def _free_answers(self, question: Question, relevant: str) -> Iterator[SurveyRow]:
        languages = self.questionnaire.languages
        if question.kind == "multiple" and question.comment:
            for item in question.items:
                ticked = f"selected(${{{self.names.row('answer', question.code)}}}, '{item.code}')"
                yield SurveyRow(
                    "text", self.names.row("answer", f"{question.code}_{item.code}comment"),
                    Text({each: sentence("xlsform.comment_on", (each,), item=item.text.to(each))[each] for each in languages}),
                    relevant=ticked,
                )  # fmt: skip
        if question.other:
            yield SurveyRow(
                "text", self.names.row("answer", f"{question.code}_other"), sentence("xlsform.other_answer", languages),
                relevant=f"selected(${{{self.names.row('answer', question.code)}}}, '{self._other_code(question)}')",
            )  # fmt: skip
        if question.comment and question.kind != "multiple":
            name = self.names.row("answer", f"{question.code}_comment")
            yield SurveyRow("text", name, sentence("xlsform.comment", languages), relevant=relevant)

    def _other_code(self, question: Question) -> str:
        scale = self.questionnaire.scales.get(question.scale)
        codes = scale.codes if scale is not None and question.kind == "single" else ()
        return next((code for code in codes if code.casefold() in ("other", "oth", "-oth-")), "other")

    def _choice_filter(self, question: Question) -> str:
        parts = [
            f"(name != '{item.code}' or ({self._condition(item.when, f'{question.code}_{item.code}')}))"
            for item in question.items
            if item.when
        ]
        return " and ".join(parts)

    def _constrained(self, question: Question, rows: list[SurveyRow], relevant: str) -> list[SurveyRow]:
        """The rows with what must hold among the answers, at the last row that it looks at."""
        if question.kind == "numbers" and question.total is not None:
            names = _number_names(question)
            reached = Relation(Sum(names), "=", Constant(question.total))
            rows = self._at_last(question, rows, Condition(reached), self._last_message(question))
        try:
            condition = enforced(question)
        except InputError as error:
            self._problem(question.code, f"its constraint is no condition: {error.problems[0].message}", "Correct it.")
            return rows
        if condition is None:
            return rows
        message = question.constraint_message or sentence("xlsform.constraint", self.questionnaire.languages)
        rows = self._at_last(question, rows, condition, message)
        if _seen_by_one_field(condition, self.questionnaire):
            return rows
        # ODK looks at a constraint only where the field itself is filled in; a note that cannot be passed always works.
        broken = self._written(Condition(Negation(condition.expression)), question.code)
        name = self.names.row("constraint", question.code)
        return [*rows, SurveyRow("note", name, message, required=True, relevant=_and(relevant, broken))]

    def _at_last(
        self, question: Question, rows: list[SurveyRow], condition: Condition, message: Text
    ) -> list[SurveyRow]:
        mentioned = {self._row_of(name) for name in condition.variables}
        own = [
            place
            for place, row in enumerate(rows)
            if row.name in mentioned and row.type not in ("begin_group", "calculate")
        ]
        if not own:
            return rows
        place = own[-1]
        text = self._written(condition, question.code, here=rows[place].name)
        joined = _and(rows[place].constraint, text)
        return [*rows[:place], replace(rows[place], constraint=joined, constraint_message=message), *rows[place + 1 :]]

    def _row_of(self, name: str) -> str:
        variable = self.questionnaire.by_name.get(name)
        if variable is None:
            return ""
        whole = variable.kind == "tick" or (variable.question.kind == "ranking" and variable.kind == "choice")
        return self.names.row("answer", variable.question.code if whole else name)

    def _condition(self, text: str, place: str) -> str:
        if not text:
            return ""
        try:
            return self._written(parse(text), place)
        except InputError as error:
            self._problem(place, f"{text} is no condition: {error.problems[0].message}", "Correct it.")
            return ""

    def _written(self, condition: Condition, place: str, here: str = "") -> str:
        try:
            return self._expressions.written(condition, here=here)
        except Untranslatable as error:
            self._problem(place, f"an XLSForm cannot express {condition}: {error}", "Simplify the condition.")
            return ""

    def _problem(self, place: str, message: str, fix: str) -> None:
        self.problems.append(Problem("xlsform-condition", f"{message}.", fix, file=self.notes.file, place=place))


def _number_names(question: Question) -> tuple[str, ...]:
    return tuple(f"{question.code}_{item.code}" for item in question.items)


def _both(*parts: Expression) -> Condition:
    return Condition(Junction("and", parts))


def _and(left: str, right: str) -> str:
    if not left or not right:
        return left or right
    return f"({left}) and ({right})"


def _seen_by_one_field(condition: Condition, questionnaire: Questionnaire) -> bool:
    """Whether a constraint can only be broken by what is filled in in its own field."""
    variables = [questionnaire.by_name.get(name) for name in condition.variables]
    return len(variables) == 1 and variables[0] is not None and _whole(variables[0]) and condition.holds({})


def _whole(variable: Variable) -> bool:
    return variable.kind != "tick" and variable.question.kind != "ranking"
