"""Every rule of the check, on a questionnaire broken in one place; ▲ marks the line and column that must be told."""

from __future__ import annotations

from pathlib import Path

import pytest

from clustergov.instruments.check import check, check_questionnaire, read_questionnaire
from clustergov.problems import InputError

SOUND = """\
questionnaire: trial
version: 1
title: {nl: Proef, en: Trial}
languages: [nl, en]
sources:
  book: {citation: A book.}
scales:
  yesno:
    direction: ascending
    source: own choice
    mark: D
    options:
      - {code: N, text: {nl: nee, en: no}}
      - {code: Y, text: {nl: ja, en: yes}}
      - {code: 98, text: {nl: weet niet, en: unknown}, blank: refused or don't know}
  five:
    direction: ascending
    options: [{code: 1, text: {nl: a, en: a}}, {code: 2, text: {nl: b, en: b}}, {code: 3, text: {nl: c, en: c}}]
  town:
    direction: none
    options: [{code: AA, text: {nl: a, en: a}}, {code: BB, text: {nl: b, en: b}}, {code: oth, text: {nl: c, en: c}}]
sections:
  - code: first
    title: {nl: Eerst, en: First}
    questions:
      - code: legal
        kind: single
        scale: yesno
        text: {nl: Vraag, en: Question}
        source: book, p. 1
        mark: P
      - code: place
        kind: single
        scale: town
        other: true
        text: {nl: Vraag, en: Question}
      - code: size
        kind: number
        minimum: 0
        maximum: 10
        text: {nl: Vraag, en: Question}
      - code: share
        kind: numbers
        minimum: 0
        maximum: 100
        total: 100
        text: {nl: Vraag, en: Question}
        items:
          - {code: a, text: {nl: a, en: a}}
          - {code: b, text: {nl: b, en: b}}
      - code: rate
        kind: array
        scale: five
        when: legal = "Y"
        text: {nl: Vraag, en: Question}
        items:
          - {code: x, text: {nl: x, en: x}}
          - {code: y, text: {nl: y, en: y}}
      - code: tick
        kind: multiple
        text: {nl: Vraag, en: Question}
        items:
          - {code: t, text: {nl: t, en: t}}
constructs:
  - code: mean
    title: {nl: Gemiddelde, en: Mean}
    items: [rate_x, rate_y]
    reversed: [rate_y]
    minimum valid: 2
"""

RATE = '        scale: five\n        when: legal = "Y"\n'

TICK = "- code: tick\n        kind: multiple\n        text: {nl: Vraag, en: Question}\n        items:\n"
# The remark beside the tick “t” and a tick called “tcomment” would share a name.
REMARKED = TICK.replace("- code", "- ▲code").replace("multiple\n", "multiple\n        comment: true\n") + (
    "          - {code: tcomment, text: {nl: t, en: t}}\n"
)

BROKEN = [
    # rule, what is replaced, by what
    ("question-code", "- code: size", "- ▲code: size_of_it"),
    ("question-code", "- code: size", "- ▲code: 2size"),
    ("question-code", "- code: size", "- ▲code: abcdefghijklmnopqrstu"),
    ("reserved-code", "- code: size", "- ▲code: SID"),
    ("reserved-code", "- code: size", "- ▲code: answered"),
    ("duplicate-question-code", "- code: size", "- ▲code: LEGAL"),
    ("section-code", "- code: first", "- ▲code: my first"),
    ("duplicate-section-code", "constructs:", "  - ▲code: First\n    title: {nl: Weer, en: Again}\n    questions: []\nconstructs:"),
    ("duplicate-construct-code", "constructs:\n", "constructs:\n  - {code: mean, title: {nl: a, en: a}, items: [rate_x], minimum valid: 1}\n  - ▲code: Mean\n    title: {nl: a, en: a}\n    items: [rate_x]\n    minimum valid: 1\n"),
    ("item-code", "{code: x, text", "{▲code: x-x, text"),
    ("duplicate-item-code", "{code: b, text: {nl: b, en: b}}\n      - code: rate", "{▲code: A, text: {nl: b, en: b}}\n      - code: rate"),
    ("reserved-code", "{code: t, text", "{▲code: time, text"),
    ("answer-code", "{code: AA, text", "{▲code: ANTWERP, text"),
    ("answer-code", "{code: AA, text", "{▲code: A-A, text"),
    ("duplicate-answer-code", "{code: BB, text", "{▲code: AA, text"),
    ("duplicate-answer-code", "{code: BB, text", "{▲code: aa, text"),
    ("duplicate-variable", TICK, REMARKED),
    ("duplicate-variable", "- code: mean", "- ▲code: SIZE"),
    ("construct-code", "- code: mean", "- ▲code: my mean"),
    ("missing-translation", "title: {nl: Eerst, en: First}", "▲title: {nl: Eerst}"),
    ("missing-translation", "{code: N, text: {nl: nee, en: no}}", "{code: N, ▲text: {nl: nee}}"),
    ("missing-translation", "{code: x, text: {nl: x, en: x}}", "{code: x, ▲text: {en: x}}"),
    ("languages", "languages: [nl, en]", "▲languages: [nl, en, nl]"),
    ("languages", "languages: [nl, en]", "▲languages: [dutch, english]"),
    ("undeclared-language", "{nl: Proef, en: Trial}", "{nl: Proef, en: Trial, ▲de: Probe}"),
    ("unknown-source", "source: book, p. 1", "▲source: boek, p. 1"),
    ("mark-without-source", "source: book, p. 1\n        mark: P", "source: own choice\n        ▲mark: P"),
    ("source-without-mark", "source: book, p. 1\n        mark: P", "▲source: book, p. 1"),
    ("unused-source", "  book: {citation: A book.}", "  book: {citation: A book.}\n  ▲film: {citation: A film.}"),
    ("unknown-scale", "scale: town", "▲scale: city"),
    ("unknown-scale", "{code: x, text: {nl: x, en: x}}", "{code: x, ▲scale: six, text: {nl: x, en: x}}"),
    ("missing-scale", "- code: place\n        kind: single\n        scale: town\n", "- ▲code: place\n        kind: single\n"),
    ("scale-not-allowed", "kind: number\n", "kind: number\n        ▲scale: five\n"),
    ("unused-scale", "  town:\n", "  ▲spare:\n    direction: none\n    options: [{code: a, text: {nl: a, en: a}}]\n  town:\n"),
    ("empty-scale", "  town:\n    direction: none\n    options: [{code: AA, text: {nl: a, en: a}}, {code: BB, text: {nl: b, en: b}}, {code: oth, text: {nl: c, en: c}}]", "  ▲town:\n    direction: none\n    options: []"),
    ("direction-of-one", "  town:\n    direction: none\n    options: [{code: AA, text: {nl: a, en: a}}, {code: BB, text: {nl: b, en: b}}, {", "  town:\n    ▲direction: ascending\n    options: [{"),
    ("missing-items", "- code: tick\n        kind: multiple\n        text: {nl: Vraag, en: Question}\n        items:\n          - {code: t, text: {nl: t, en: t}}\n", "- ▲code: tick\n        kind: multiple\n        text: {nl: Vraag, en: Question}\n"),
    ("items-not-allowed", "kind: number\n", "kind: number\n        ▲items: [{code: z, text: {nl: z, en: z}}]\n"),
    ("limit-not-allowed", "kind: multiple\n", "kind: multiple\n        ▲maximum: 3\n"),
    ("limit-not-allowed", "maximum: 10\n", "maximum: 10\n        ▲total: 10\n"),
    ("minimum-above-maximum", "minimum: 0\n        maximum: 10\n", "▲minimum: 11\n        maximum: 10\n"),
    ("total-without-minimum", "minimum: 0\n        maximum: 100\n        total: 100", "maximum: 100\n        ▲total: 100"),
    ("total-without-minimum", "minimum: 0\n        maximum: 100\n        total: 100", "minimum: -5\n        maximum: 100\n        ▲total: 100"),
    ("unreachable-total", "total: 100", "▲total: 300"),
    ("other-without-option", "scale: town\n        other: true", "scale: yesno\n        ▲other: true"),
    ("other-not-allowed", "kind: number\n", "kind: number\n        ▲other: true\n"),
    ("routing-syntax", RATE, '        scale: five\n        ▲when: legal == "Y"\n'),
    ("routing-unknown-variable", RATE, '        scale: five\n        ▲when: legl = "Y"\n'),
    ("routing-unknown-variable", RATE, "        scale: five\n        ▲when: share > 1\n"),
    ("routing-forward", RATE, '        scale: five\n        ▲when: tick_t = "Y"\n'),
    ("routing-forward", RATE, "        scale: five\n        ▲when: rate_x = 1\n"),
    ("routing-unknown-code", RATE, '        scale: five\n        ▲when: legal in ["Y", "X"]\n'),
    ("routing-unknown-code", RATE, "        scale: five\n        ▲when: legal = 1\n"),
    ("routing-blank-code", RATE, '        scale: five\n        ▲when: legal != "98"\n'),
    ("routing-no-order", RATE, "        scale: five\n        ▲when: place > 1\n"),
    ("routing-code-for-number", RATE, '        scale: five\n        ▲when: size = "3"\n'),
    ("unknown-variable", "items: [rate_x, rate_y]", "items: [rate_x, rate_y, ▲rate_z]"),
    ("duplicate-item", "items: [rate_x, rate_y]", "items: [rate_x, rate_y, ▲rate_x]"),
    ("item-without-range", "items: [rate_x, rate_y]", "items: [rate_x, rate_y, ▲place]"),
    ("item-without-range", "items: [rate_x, rate_y]", "items: [rate_x, rate_y, ▲place_other]"),
    ("mixed-scales", "items: [rate_x, rate_y]", "items: [rate_x, rate_y, ▲legal]"),
    ("reversed-not-item", "reversed: [rate_y]", "reversed: [rate_y, ▲legal]"),
    ("minimum-valid", "minimum valid: 2", "▲minimum valid: 3"),
    ("minimum-valid", "minimum valid: 2", "▲minimum valid: 0"),
    # Of the file and the schema.
    ("unknown-key", "kind: number\n", "kind: number\n        ▲minium: 1\n"),
    ("missing-key", "- code: size\n        kind: number\n", "- ▲code: size\n"),
    ("literal-error", "kind: number\n", "▲kind: numeric\n"),
    ("float-parsing", "maximum: 10\n", "▲maximum: ten\n"),
    ("value-error", "title: {nl: Eerst, en: First}", "▲title: First"),
    ("duplicate-key", "kind: number\n", "kind: number\n        ▲kind: numbers\n"),
    ("yaml-syntax", "languages: [nl, en]\nsources:", "languages: [nl, en\nsources▲:"),
]  # fmt: skip

WARNINGS = {"undeclared-language", "source-without-mark", "unused-source", "unused-scale"}


def write(folder: Path, text: str) -> Path:
    file = folder / "questionnaire.yml"
    file.write_text(text, encoding="utf-8")
    return file


def replaced(old: str, new: str, text: str = SOUND) -> tuple[str, int, int]:
    """The text with one place changed, and the line and column of the mark in it."""
    assert old in text
    marked = text.replace(old, new, 1)
    before = marked[: marked.index("▲")]
    return marked.replace("▲", ""), before.count("\n") + 1, len(before) - before.rfind("\n")


def test_the_sound_one_is_sound(tmp_path):
    file = write(tmp_path, SOUND)
    questionnaire, problems = check(file)
    assert file.read_text(encoding="utf-8") == SOUND
    assert [str(problem) for problem in problems] == []
    assert read_questionnaire(file) == questionnaire


@pytest.mark.parametrize(("rule", "old", "new"), BROKEN, ids=[f"{i}-{case[0]}" for i, case in enumerate(BROKEN)])
def test_rule_line_and_column(tmp_path, rule, old, new):
    text, line, column = replaced(old, new)
    _, problems = check(write(tmp_path, text))
    found = [(problem.rule, problem.line, problem.column) for problem in problems]
    assert (rule, line, column) in found, "\n".join(map(str, problems))
    told = problems[found.index((rule, line, column))]
    assert told.severity == ("warning" if rule in WARNINGS else "error")
    assert told.message
    assert told.file.endswith("questionnaire.yml")


@pytest.mark.parametrize(("rule", "old", "new"), [case for case in BROKEN if case[0] in WARNINGS])
def test_warnings_do_not_stop_reading(tmp_path, rule, old, new):
    text, _, _ = replaced(old, new)
    assert read_questionnaire(write(tmp_path, text)).questionnaire == "trial"


def test_many_mistakes_at_once_in_the_order_of_the_file(tmp_path):
    text = SOUND.replace("scale: town", "scale: city").replace("total: 100", "total: 300")
    text = text.replace('when: legal = "Y"', "when: legal = Y").replace("reversed: [rate_y]", "reversed: [rate_z]")
    text = text.replace("en: Trial", "de: Probe")
    with pytest.raises(InputError) as caught:
        read_questionnaire(write(tmp_path, text))
    rules = [problem.rule for problem in caught.value.problems]
    assert rules == [
        "missing-translation",
        "unknown-scale",
        "unreachable-total",
        "routing-unknown-variable",
        "reversed-not-item",
    ]
    lines = [problem.line for problem in caught.value.problems]
    assert lines == sorted(lines)
    assert "has 5 mistakes:" in str(caught.value)


def test_every_schema_mistake_at_once(tmp_path):
    text = SOUND.replace("kind: single", "kind: choice").replace("mark: P", "mark: Z").replace("version: 1\n", "")
    questionnaire, problems = check(write(tmp_path, text))
    assert questionnaire is None
    assert sorted(problem.rule for problem in problems if problem.rule != "unused-source") == [
        "literal-error", "literal-error", "literal-error", "missing-key",
    ]  # fmt: skip


def test_imported_questionnaires_keep_the_form_they_had_in_the_field(tmp_path):
    text = SOUND.replace("{code: AA, text", "{code: ANTWERP, text").replace(
        "title: {nl: Eerst, en: First}", "title: {nl: Eerst}"
    )
    own = write(tmp_path, text)
    with pytest.raises(InputError):
        read_questionnaire(own)
    imported = write(tmp_path, "imported from: LimeSurvey\n" + text)
    _, problems = check(imported)
    assert {(problem.rule, problem.severity, problem.imported) for problem in problems} == {
        ("answer-code", "warning", True), ("missing-translation", "warning", True),
    }  # fmt: skip
    assert all(": warning (imported): " in str(problem) for problem in problems)
    assert read_questionnaire(imported).imported_from == "LimeSurvey"


def test_imported_codes_may_differ_in_case_alone(tmp_path):
    text = "imported from: LimeSurvey\n" + SOUND.replace("- code: size", "- code: LEGAL").replace(
        "code: BB", "code: aa"
    )
    told = check(write(tmp_path, text))[1]
    assert {(problem.rule, problem.severity) for problem in told} == {
        ("spss-name", "warning"),
        ("stata-name", "warning"),
    }
    text = text.replace("code: LEGAL", "code: legal")
    assert "duplicate-question-code" in {problem.rule for problem in check(write(tmp_path, text))[1]}


@pytest.mark.parametrize(("rule", "old", "new"), [case for case in BROKEN if case[0].startswith("routing-")])
def test_routing_that_was_in_the_field_is_told_and_kept(tmp_path, rule, old, new):
    text, line, _ = replaced(old, new)
    _, problems = check(write(tmp_path, "imported from: LimeSurvey\n" + text))
    severity = "error" if rule == "routing-syntax" else "warning"
    assert (rule, line + 1, severity) in [(problem.rule, problem.line, problem.severity) for problem in problems]


def test_importing_excuses_no_broken_reference(tmp_path):
    text = "imported from: LimeSurvey\n" + SOUND.replace("scale: town", "scale: city")
    with pytest.raises(InputError, match="unknown-scale"):
        read_questionnaire(write(tmp_path, text))


def test_a_questionnaire_in_memory(tmp_path):
    questionnaire = read_questionnaire(write(tmp_path, SOUND))
    assert check_questionnaire(questionnaire) == []
    broken = questionnaire.model_copy(update={"scales": {}})
    assert {problem.rule for problem in check_questionnaire(broken)} >= {"unknown-scale"}


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("empty.yml", b"", "empty-file"),
        ("comment.yml", b"# nothing\n", "empty-file"),
        ("western.yml", SOUND.replace("Proef", "Proéf").encode("cp1252"), "encoding"),
        ("list.yml", b"- a\n- b\n", "model-type"),
        ("word.yml", b"hello\n", "model-type"),
    ],
)
def test_files_that_are_no_questionnaire(tmp_path, name, content, rule):
    file = tmp_path / name
    file.write_bytes(content)
    questionnaire, problems = check(file)
    assert questionnaire is None
    assert [problem.rule for problem in problems] == [rule]


def test_missing_file_and_folder(tmp_path):
    assert [problem.rule for problem in check(tmp_path / "none.yml")[1]] == ["missing-file"]
    assert [problem.rule for problem in check(tmp_path)[1]] == ["missing-file"]
