"""The portrait of a case: what it may hold, and every mistake in it told at once with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from clustergov.casestudies.case import Case, read
from clustergov.problems import InputError

CASE = """\
case: here
title: {nl: Hier, en: Here}
subject: {nl: Een proef, en: A trial}
period: {nl: "2001", en: "2001"}
contrast: true
sources:
  paper: {citation: Paper}
  page: {citation: Page}
timeline:
  - year: 2001
    text: {nl: Begin, en: Start}
    source: paper
    mark: P
  - year: 2003
    until: 2005
    exactness: about
    about: context
    text: {nl: Groei, en: Growth}
    source: [paper, page]
    mark: D
  - exactness: unknown
    text: {nl: Ooit, en: Once}
    source: page
    mark: S
actors:
  - code: club
    name: {nl: Club, en: Club}
    kind: cluster organisation
    role: {nl: Verbindt, en: Connects}
    source: paper
    mark: P
  - code: firms
    name: {nl: Bedrijven, en: Firms}
    kind: firm
    role: {nl: Betalen, en: Pay}
    source: paper
    mark: P
relations:
  - {from: firms, to: club, kind: member of, since: 2001, source: paper, mark: P}
governance:
  form: {text: {nl: Een net, en: A network}, source: paper, mark: P}
  legal form: {known: false, text: {nl: Gezocht, en: Looked for}}
  membership: {text: {nl: Formeel, en: Formal}, source: page, mark: S}
  tiers: {known: false, text: {nl: Gezocht, en: Looked for}, source: page}
  decisions: {known: false, text: {nl: Gezocht, en: Looked for}}
funding:
  - year: 2001
    text: {nl: Aanloop, en: Start-up}
    amount: 1000.5
    public: 0.6
    source: page
    mark: S
episodes:
  - code: lesson
    kind: learning
    year: 2004
    title: {nl: Les, en: Lesson}
    text: {nl: Men keek terug, en: They looked back}
    changed: {nl: Niet bekend, en: Not known}
    source: paper
    mark: P
rules:
  - {rule: public funding 60/40, answer: fits, text: {nl: Zestig, en: Sixty}, source: page, mark: S}
  - {rule: formal membership, answer: fits in part, text: {nl: Deels, en: Partly}, source: page, mark: S}
  - {rule: interaction frequency, answer: not known, known: false, text: {nl: Gezocht, en: Looked for}}
"""


def case_of(tmp_path: Path, text: str = CASE) -> Case:
    path = tmp_path / "case.yml"
    path.write_text(text, encoding="utf-8")
    return read(path, languages=("nl", "en"))


def test_everything_is_read(tmp_path: Path) -> None:
    case = case_of(tmp_path)
    assert case.contrast
    assert [event.order[0] for event in case.timeline] == [2001, 2003, 2101]
    assert (case.relations[0].start, case.relations[0].to) == ("firms", "club")
    assert case.governance is not None
    assert [name for name, reading in case.governance.parts().items() if not reading.known] == [
        "legal_form", "tiers", "decisions",
    ]  # fmt: skip
    assert case.funding[0].public == 0.6
    assert case.cited == {"paper", "page"}
    assert case.units == {"statements": {}}


def test_a_case_without_a_portrait_is_one(tmp_path: Path) -> None:
    case = case_of(tmp_path, CASE[: CASE.index("contrast")] + CASE[CASE.index("sources") : CASE.index("timeline")])
    assert not case.contrast
    assert case.governance is None
    assert case.cited == frozenset()


@pytest.mark.parametrize(
    ("old", "new", "rule", "line"),
    [
        ("  - year: 2001\n    text: {nl: Begin", "  - text: {nl: Begin", "no-year", 10),
        ("  - exactness: unknown", "  - year: 2001\n    exactness: unknown", "year-and-unknown", 22),
        ("    until: 2005", "    until: 2003", "span", 15),
        ("    exactness: about", "    exactness: perhaps", "literal-error", 16),
        ("    about: context", "    about: contrast", "literal-error", 17),
        ("  - year: 2003", "  - year: 203", "greater-than-equal", 14),
        ("    source: [paper, page]", "    source: [paper, book]", "unknown-source", 19),
        ("  - code: firms", "  - code: club", "duplicate-code", 32),
        ("    kind: firm\n", "    kind: person\n", "literal-error", 34),
        ("{from: firms, to: club", "{from: firms, to: clubs", "unknown-actor", 39),
        ("{from: firms, to: club", "{from: club, to: club", "relation-to-itself", 39),
        ("since: 2001, source", "since: 2001, until: 1999, source", "span", 39),
        ("  form: {text: {nl: Een net, en: A network}, source: paper, mark: P}",
         "  form: {text: {nl: Een net, en: A network}, mark: P}", "no-source", 41),
        ("  form: {text: {nl: Een net, en: A network}, source: paper, mark: P}",
         "  form: {text: {nl: Een net, en: A network}, source: paper}", "missing-key", 41),
        ("  form: {text: {nl: Een net, en: A network}, source: paper, mark: P}",
         "  form: {text: {nl: Een net, en: A network}, source: paper, mark: U}", "uncertain-finding", 41),
        ("tiers: {known: false, text: {nl: Gezocht, en: Looked for}, source: page}",
         "tiers: {known: false, text: {nl: Gezocht, en: Looked for}, mark: P}", "mark-on-nothing", 44),
        ("  decisions: {known: false, text: {nl: Gezocht, en: Looked for}}\n", "", "missing-key", 40),
        ("    public: 0.6", "    public: 60", "less-than-equal", 50),
        ("    amount: 1000.5", "    amount: -3", "greater-than", 49),
        ("    kind: learning", "    kind: luck", "literal-error", 55),
        ("    changed: {nl: Niet bekend, en: Not known}\n", "", "missing-key", 54),
        ("{rule: formal membership, answer", "{rule: public funding 60/40, answer", "duplicate-code", 64),
        ("answer: not known, known: false", "answer: not known", "known-or-not", 65),
        ("answer: fits, text", "answer: fits, known: false, text", "known-or-not", 63),
        ("text: {nl: Begin, en: Start}", "text: {nl: Begin}", "missing-language", 11),
        ("text: {nl: Begin, en: Start}", "text: {nl: “Begin”, en: Start}", "quoted-paraphrase", 11),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, rule: str, line: int) -> None:
    assert CASE.count(old) == 1, old
    with pytest.raises(InputError) as caught:
        case_of(tmp_path, CASE.replace(old, new))
    assert (rule, line) in [(problem.rule, problem.line) for problem in caught.value.problems], caught.value.problems


def test_a_rule_that_was_not_read_is_told(tmp_path: Path) -> None:
    lines = CASE.splitlines(keepends=True)
    with pytest.raises(InputError) as caught:
        case_of(tmp_path, "".join(lines[:-1]))
    assert [(problem.rule, "interaction frequency" in problem.message) for problem in caught.value.problems] == [
        ("rule-not-read", True)
    ]


def test_several_mistakes_are_told_at_once(tmp_path: Path) -> None:
    wrong = (
        CASE.replace("source: paper\n", "source: book\n")
        .replace("to: club", "to: nobody")
        .replace("until: 2005", "until: 2002")
    )
    with pytest.raises(InputError) as caught:
        case_of(tmp_path, wrong)
    rules = [problem.rule for problem in caught.value.problems]
    assert rules.count("unknown-source") == 4
    assert {"unknown-actor", "span"} <= set(rules)


def test_a_relation_that_stands_twice_is_told(tmp_path: Path) -> None:
    again = "  - {from: firms, to: club, kind: member of, source: page, mark: S}\ngovernance:"
    with pytest.raises(InputError) as caught:
        case_of(tmp_path, CASE.replace("governance:", again))
    assert [problem.rule for problem in caught.value.problems] == ["relation-twice"]
