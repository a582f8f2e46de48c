"""The random questionnaires of the round-trip tests are ones that our own rules let pass, and are not all alike."""

from __future__ import annotations

from typing import get_args

from hypothesis import given

from clustergov.instruments.check import check_questionnaire
from clustergov.instruments.questionnaire import Kind, Questionnaire
from questionnaire_strategy import questionnaires, tries

OF_MEANING = {
    "constraint-contradiction", "routing-always", "routing-beyond-range", "routing-contradiction", "unreachable",
}  # fmt: skip
"""Rules about what conditions mean together; random ones may well contradict each other."""


@tries()
@given(questionnaires())
def test_only_rules_of_meaning_are_broken(questionnaire: Questionnaire) -> None:
    wrong = [each for each in check_questionnaire(questionnaire) if each.severity == "error"]
    assert [each for each in wrong if each.rule not in OF_MEANING] == []


def test_every_kind_and_every_part_of_the_routing_language_occurs() -> None:
    seen: list[Questionnaire] = []

    @tries(100)
    @given(questionnaires())
    def collect(questionnaire: Questionnaire) -> None:
        seen.append(questionnaire)

    collect()
    questions = [question for questionnaire in seen for question in questionnaire.questions]
    assert {question.kind for question in questions} == set(get_args(Kind))
    written = " ".join(question.when for question in questions)
    assert [
        word for word in ("sum(", "count(", "answered(", " in [", "not ", " and ", " or ") if word not in written
    ] == []
