"""Conditions in words name questions by number and answers by their texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.reports.condition_words import ConditionWords

TOLD = [
    ('legal = "Y"', "the answer to question 5 is “yes”", "het antwoord op vraag 5 “ja” is"),
    ('legal != "Y"', "the answer to question 5 is not “yes”", "het antwoord op vraag 5 niet “ja” is"),
    ('not legal = "Y"', "the answer to question 5 is not “yes”", "het antwoord op vraag 5 niet “ja” is"),
    ('country in ["NL", "BE"]', "the answer to question 1 is “Netherlands” or “Belgium”", "het antwoord op vraag 1 “Nederland” of “België” is"),
    ("firms > 0", "question 9 is greater than 0", "vraag 9 groter is dan 0"),
    ("not firms = 0", "question 9 does not equal 0", "vraag 9 niet gelijk is aan 0"),
    ("firms >= 2.5", "question 9 is at least 2.50", "vraag 9 minstens 2,50 is"),
    ("answered(year)", "question 3 is answered", "vraag 3 is beantwoord"),
    ("not answered(year)", "question 3 is not answered", "vraag 3 niet is beantwoord"),
    ('background_priv = "Y"', "“private sector” of question 14 is ticked", "“bedrijfsleven” bij vraag 14 is aangekruist"),
    ("sum(board_priv, board_publ) <= 3",
     "the sum of “private sector” and “public sector” of question 12 is at most 3",
     "de som van “bedrijfsleven” en “overheid” bij vraag 12 hoogstens 3 is"),
    ('not (legal = "Y" or answered(year)) and firms > 0',
     "it is not so that (the answer to question 5 is “yes” or question 3 is answered) and question 9 is greater than 0",
     "niet geldt dat (het antwoord op vraag 5 “ja” is of vraag 3 is beantwoord) en vraag 9 groter is dan 0"),
    ('not firms > 0 and legal = "Y"',
     "it is not so that (question 9 is greater than 0) and the answer to question 5 is “yes”",
     "niet geldt dat (vraag 9 groter is dan 0) en het antwoord op vraag 5 “ja” is"),
    ("firms * 2 = 4", "question 9 × 2 equals 4", "vraag 9 × 2 gelijk is aan 4"),
    ('legal = "Y" and (firms > 0 or answered(year))',
     "the answer to question 5 is “yes” and (question 9 is greater than 0 or question 3 is answered)",
     "het antwoord op vraag 5 “ja” is en (vraag 9 groter is dan 0 of vraag 3 is beantwoord)"),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "english", "dutch"), TOLD)
def test_conditions_in_words(condition: str, english: str, dutch: str, root: Path) -> None:
    questionnaire = read_questionnaire(root / "instruments" / "cluster-organisation.yml")
    assert told(questionnaire, condition) == (english, dutch)


def told(questionnaire: Questionnaire, condition: str) -> tuple[str, str]:
    """The condition in English and in Dutch, with the questions numbered from 1."""
    numbers = {question.code: str(place) for place, question in enumerate(questionnaire.questions, start=1)}
    english = ConditionWords(questionnaire, "en", "en", numbers).tell(condition)
    return english, ConditionWords(questionnaire, "nl", "nl", numbers).tell(condition)


def text(words: str) -> dict[str, str]:
    return {"nl": words, "en": words}


MEANS = Questionnaire.model_validate({
    "questionnaire": "means", "version": "1", "title": text("Means"), "languages": ["nl", "en"],
    "scales": {"yes": {"direction": "none", "options": [{"code": "1", "text": text("yes")}, {"code": "2", "text": text("no")}]}},
    "sections": [{"code": "s", "title": text("Means"), "questions": [
        {"code": "lever", "kind": "multiple", "text": text("Which?"), "other": True, "comment": True,
         "items": [{"code": code, "text": text(code)} for code in ("grant", "site", "rule")]},
        {"code": "kind", "kind": "single", "scale": "yes", "text": text("Kind?"), "other": True, "comment": True},
        {"code": "share", "kind": "numbers", "text": text("Shares?"),
         "items": [{"code": code, "text": text(code)} for code in ("a", "b")]},
        {"code": "each", "kind": "array", "scale": "yes", "text": text("Each?"),
         "items": [{"code": code, "text": text(code)} for code in ("a", "b")]},
    ]}],
})  # fmt: skip

BESIDE = [
    ("answered(lever_other)", "the other answer to question 1 is filled in", "het eigen antwoord bij vraag 1 is ingevuld"),
    ("not answered(kind_other)", "the other answer to question 2 is not filled in", "het eigen antwoord bij vraag 2 niet is ingevuld"),
    ('kind_other = "x"', "the other answer to question 2 equals “x”", "het eigen antwoord bij vraag 2 gelijk is aan “x”"),
    ("answered(kind_comment)", "the remark on question 2 is filled in", "de toelichting bij vraag 2 is ingevuld"),
    ("answered(lever_sitecomment)", "the remark on “site” of question 1 is filled in", "de toelichting bij “site” van vraag 1 is ingevuld"),
    ('count("Y", lever_grant, lever_site, lever_rule) >= 1', "at least 1 box is ticked in question 1", "bij vraag 1 minstens 1 vakje is aangekruist"),
    ('count("Y", lever_grant, lever_rule) < 2', "fewer than 2 boxes of “grant” and “rule” are ticked in question 1",
     "bij vraag 1 minder dan 2 vakjes van “grant” en “rule” zijn aangekruist"),
    ("sum(share_a, share_b) = 100", "the sum of the answers to question 3 equals 100", "de som van de antwoorden op vraag 3 gelijk is aan 100"),
    ("count(share_a, share_b) > 1", "the number of answers to question 3 is greater than 1", "het aantal antwoorden op vraag 3 groter is dan 1"),
    ('count("1", each_a, each_b) = 2', "the number of times “yes” is given for question 4 equals 2", "het aantal keren “yes” bij vraag 4 gelijk is aan 2"),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "english", "dutch"), BESIDE)
def test_free_answers_boxes_and_whole_questions(condition: str, english: str, dutch: str) -> None:
    assert told(MEANS, condition) == (english, dutch)
