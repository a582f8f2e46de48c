"""Conditions in words name questions by number and answers by their texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from clustergov.instruments.check import read_questionnaire
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
     "the sum of “private sector” of question 12 and “public sector” of question 12 is at most 3",
     "de som van “bedrijfsleven” bij vraag 12 en “overheid” bij vraag 12 hoogstens 3 is"),
    ("firms * 2 = 4", "question 9 × 2 equals 4", "vraag 9 × 2 gelijk is aan 4"),
    ('legal = "Y" and (firms > 0 or answered(year))',
     "the answer to question 5 is “yes” and (question 9 is greater than 0 or question 3 is answered)",
     "het antwoord op vraag 5 “ja” is en (vraag 9 groter is dan 0 of vraag 3 is beantwoord)"),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "english", "dutch"), TOLD)
def test_conditions_in_words(condition: str, english: str, dutch: str, root: Path) -> None:
    questionnaire = read_questionnaire(root / "instruments" / "cluster-organisation.yml")
    numbers = {question.code: str(place) for place, question in enumerate(questionnaire.questions, start=1)}
    assert ConditionWords(questionnaire, "en", "en", numbers).tell(condition) == english
    assert ConditionWords(questionnaire, "nl", "nl", numbers).tell(condition) == dutch
