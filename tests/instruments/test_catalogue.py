"""The page of rules is what the catalogue says; `python tests/instruments/test_catalogue.py` renews it."""

from __future__ import annotations

from pathlib import Path

from clustergov.instruments.rules.catalogue import RULES, rules_page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "questionnaire-rules.md"


def test_the_page_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == rules_page()


def test_every_meaning_is_a_sentence_of_its_own():
    assert len({rule.meaning for rule in RULES.values()}) == len(RULES)
    for rule in RULES.values():
        assert rule.meaning.endswith(".")
        assert "|" not in rule.meaning
        assert rule.severity in ("error", "warning")


if __name__ == "__main__":
    PAGE.write_text(rules_page(), encoding="utf-8")
