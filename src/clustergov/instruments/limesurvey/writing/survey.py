"""From a questionnaire to what a LimeSurvey file holds: kinds to types, scales to answers, routing to relevance."""

from __future__ import annotations

from collections.abc import Iterator

from clustergov.instruments.exchange import Notes
from clustergov.instruments.limesurvey.layout import rows_and_columns, words_apart
from clustergov.instruments.limesurvey.lime_codes import LimeCodes, other_code
from clustergov.instruments.limesurvey.script.conditions import ConditionsOut
from clustergov.instruments.limesurvey.structure import (
    LimeAnswer,
    LimeGroup,
    LimeQuestion,
    LimeSubquestion,
    LimeSurvey,
)
from clustergov.instruments.limesurvey.writing.attributes import attributes_of
from clustergov.instruments.limesurvey.writing.markup import Markup
from clustergov.instruments.limesurvey.writing.type_letters import type_of
from clustergov.instruments.limesurvey.writing.unheld import note_unheld
from clustergov.instruments.questionnaire import Item, Question, Questionnaire, Scale, Section
from clustergov.problems import InputError, Problem


def express(questionnaire: Questionnaire, notes: Notes) -> LimeSurvey:
    """The structure that LimeSurvey gets; what it cannot hold goes to `notes`.

    Raises
    ------
    InputError
        Something would change who is asked what, or what can be answered; with every place.
    """
    return _Expression(questionnaire, notes).survey()


class _Expression:
    """One questionnaire on its way, with all that its parts need to know of the whole."""

    def __init__(self, questionnaire: Questionnaire, notes: Notes) -> None:
        self.questionnaire = questionnaire
        self.notes = notes
        self.problems: list[Problem] = []
        self.markup = Markup.of(questionnaire)
        self.codes = LimeCodes.of(questionnaire, notes)
        self.conditions = ConditionsOut(questionnaire, self.codes, self.problems)

    def survey(self) -> LimeSurvey:
        own = self.questionnaire
        groups = tuple(self._group(place, section) for place, section in enumerate(own.sections) if section.questions)
        if not groups:
            self.problems.append(Problem("limesurvey-empty", "expected questions, found none.", "Add a question."))
        note_unheld(own, self.notes)
        if self.problems:
            count = len(self.problems)
            raise InputError(self.problems, summary=f"LimeSurvey cannot hold this questionnaire ({count} problems):")
        return LimeSurvey(
            number="",
            languages=self.markup.languages,
            titles=self.markup.texts(own.title),
            welcome=self.markup.texts(own.text),
            closing=self.markup.texts(own.closing),
            groups=groups,
            persons=(),
        )

    def _group(self, place: int, section: Section) -> LimeGroup:
        return LimeGroup(
            number=str(place + 1),
            titles=self.markup.texts(section.title),
            texts=self.markup.texts(section.text),
            relevance="",
            questions=tuple(self._question(question) for question in section.questions),
        )

    def _question(self, question: Question) -> LimeQuestion:
        letter = type_of(question, self.questionnaire, self.codes.layouts[question.code])
        scales = self._scales(question)
        return LimeQuestion(
            number="",
            type=letter,
            code=self.codes.questions[question.code],
            texts=self.markup.texts(question.text),
            help=self.markup.texts(question.help),
            relevance=self.conditions.of_question(question),
            mandatory="Y" if question.required and question.kind != "note" else "N",
            other=question.other and letter in ("L", "!", "M", "P"),
            pattern="",
            subquestions=tuple(self._subquestions(question)),
            answers=tuple(self._answers(question, scales)) if letter in "L!OFHR1" else (),
            attributes=attributes_of(question, letter, scales, self.codes, self.markup, self.conditions),
        )

    def _scales(self, question: Question) -> tuple[Scale, ...]:
        """The scales by which it is answered: two of a dual array, else one or none."""
        named = self.questionnaire.scales
        if question.kind not in ("single", "array", "ranking"):
            return ()
        names = list(dict.fromkeys(item.scale or question.scale for item in question.items)) or [question.scale]
        if self.codes.layouts[question.code] == "dual":
            names = [question.items[0].scale, question.items[1].scale]
        elif len(names) > 1:
            self.problems.append(
                Problem("limesurvey-scales", f"the items of one array have different scales ({', '.join(names)}).",
                        "Make a question of the items of each scale.", place=question.code)
            )  # fmt: skip
            names = names[:1]
        return tuple(named[name] for name in names if name in named)

    def _answers(self, question: Question, scales: tuple[Scale, ...]) -> Iterator[LimeAnswer]:
        for number, scale in enumerate(scales):
            other = other_code(question, scale)
            codes = self.codes.answers(scale)
            for option in scale.options:
                if option.code != other:
                    yield LimeAnswer(codes[option.code], number, self.markup.texts(option.text))

    def _subquestions(self, question: Question) -> Iterator[LimeSubquestion]:
        if question.kind not in ("multiple", "array", "numbers", "texts"):
            if any(item.when for item in question.items):
                self.conditions.refuse(question, "the places of a ranking have no conditions of their own")
            return
        if self.codes.layouts[question.code] == "list":
            for item in question.items:
                code = self.codes.items[question.code, item.code]
                yield LimeSubquestion(code, 0, self.markup.texts(item.text), self.conditions.of_item(question, item))
            return
        yield from self._cells(question)

    def _cells(self, question: Question) -> Iterator[LimeSubquestion]:
        """Rows and columns of a grid; of a dual array the rows alone, its columns being headings."""
        found = rows_and_columns(question.items)
        assert found is not None
        apart = {language: self._words(question, language) for language in self.markup.languages}
        for place, row in enumerate(found[0]):
            cells = [item for item in question.items if item.code.startswith(f"{row}_")]
            words = {language: rows[place] for language, (rows, _) in apart.items()}
            yield LimeSubquestion(row, 0, self.markup.plain(words), self._of_row(question, cells))
        if self.codes.layouts[question.code] == "grid":
            for place, column in enumerate(found[1]):
                words = {language: columns[place] for language, (_, columns) in apart.items()}
                yield LimeSubquestion(column, 1, self.markup.plain(words))

    def _words(self, question: Question, language: str) -> tuple[list[str], list[str]]:
        found = words_apart(question.items, language, wordless=question.text.get(language, ""))
        if found is not None:
            return found
        self.notes.add(
            "limesurvey-grid", f"the words of its cells ({language}) are no words of rows and columns joined; codes stand instead.",
            place=question.code,
        )  # fmt: skip
        codes = rows_and_columns(question.items)
        assert codes is not None
        return codes

    def _of_row(self, question: Question, cells: list[Item]) -> str:
        if len({item.when for item in cells}) > 1:
            self.conditions.refuse(question, "the cells of one row have different conditions; a row has one")
        return self.conditions.of_item(question, cells[0])
