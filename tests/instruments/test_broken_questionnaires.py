"""Questionnaires broken in one place each, beside a neighbour that is sound; ▲ marks the line and column to be told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clustergov.instruments.check import check
from clustergov.instruments.rules.catalogue import RULES
from clustergov.instruments.statistical.names import STATA

SOUND = """\
questionnaire: trial
version: 1
title: {nl: Proef, en: Trial}
languages: [nl, en]
scales:
  yesno:
    direction: ascending
    options:
      - {code: N, text: {nl: nee, en: no}}
      - {code: Y, text: {nl: ja, en: yes}}
      - {code: 98, text: {nl: weet niet, en: unknown}, blank: refused or don't know}
  often:
    direction: ascending
    options:
      - {code: 1, text: {nl: nooit, en: never}}
      - {code: 2, text: {nl: soms, en: sometimes}}
      - {code: 3, text: {nl: vaak, en: often}}
      - {code: 4, text: {nl: altijd, en: always}}
  rare:
    direction: ascending
    options:
      - {code: a, text: {nl: laag, en: low}}
      - {code: b, text: {nl: gemiddeld, en: medium}}
      - {code: c, text: {nl: hoog, en: high}}
      - {code: d, text: {nl: zeer hoog, en: very high}}
  classes:
    direction: ascending
    options:
      - {code: s, text: {nl: 1-4, en: 1-4}}
      - {code: m, text: {nl: 5-9, en: 5-9}}
      - {code: l, text: {nl: 10 of meer, en: 10 or more}}
  town:
    direction: none
    options: [{code: AA, text: {nl: Aa, en: Aa}}, {code: BB, text: {nl: Be, en: Be}}, {code: oth, text: {nl: anders, en: other}}]
sections:
  - code: first
    title: {nl: Eerst, en: First}
    questions:
      - code: intro
        kind: note
        text: {nl: Welkom, en: Welcome}
      - code: legal
        kind: single
        scale: yesno
        text: {nl: Vraag, en: Question}
      - code: place
        kind: single
        scale: town
        other: true
        text: {nl: Vraag, en: Question}
      - code: size
        kind: number
        minimum: 0
        maximum: 100
        integer: true
        text: {nl: Vraag, en: Question}
      - code: staff
        kind: number
        minimum: 0
        maximum: 50
        text: {nl: Vraag, en: Question}
        constraint: staff <= size
        constraint message: {nl: Hooguit alle, en: At most all}
      - code: share
        kind: numbers
        minimum: 0
        maximum: 100
        total: 100
        text: {nl: Vraag, en: Question}
        items:
          - {code: a, text: {nl: a, en: a}}
          - {code: b, text: {nl: b, en: b}}
      - code: tick
        kind: multiple
        text: {nl: Vraag, en: Question}
        items:
          - {code: s, text: {nl: s, en: s}}
          - {code: t, text: {nl: t, en: t}, when: legal = "Y"}
      - code: rank
        kind: ranking
        scale: town
        text: {nl: Vraag, en: Question}
        items:
          - {code: 1, text: {nl: 1, en: 1}}
          - {code: 2, text: {nl: 2, en: 2}}
      - code: rate
        kind: array
        scale: often
        when: legal = "Y"
        text: {nl: Vraag, en: Question}
        items:
          - {code: x, text: {nl: x, en: x}}
          - {code: y, text: {nl: y, en: y}}
      - code: grade
        kind: array
        scale: rare
        text: {nl: Vraag, en: Question}
        items:
          - {code: x, text: {nl: x, en: x}}
      - code: group
        kind: single
        scale: classes
        text: {nl: Vraag, en: Question}
      - code: last
        kind: text
        when: answered(size)
        text: {nl: Vraag, en: Question}
constructs:
  - code: mean
    title: {nl: Gemiddelde, en: Mean}
    items: [rate_x, rate_y, grade_x]
    minimum valid: 2
dimensions:
  people: {nl: Mensen, en: People}
indicators:
  - code: density
    dimension: people
    title: {nl: Dichtheid, en: Density}
    formula: staff / size * 100
    unit: {nl: procent, en: per cent}
    direction: ascending
    evidence: {nl: Jaarverslag, en: Annual report}
"""

WHEN_LAST = "when: answered(size)"
WHEN_RATE = 'when: legal = "Y"\n        text'
ITEM_T = '{code: t, text: {nl: t, en: t}, when: legal = "Y"}'
CONSTRAINT = "        constraint: staff <= size\n"
MESSAGE = "        constraint message: {nl: Hooguit alle, en: At most all}\n"
SHARES = "        minimum: 0\n        maximum: 100\n        total: 100\n"
OFTEN = "  often:\n    direction: ascending\n    options:\n"
FORMULA = "    formula: staff / size * 100\n"
ROUTED_PLACE = "- code: place\n        kind: single\n"
OTHER = "{code: oth, text: {nl: anders, en: other}}"


def classes(*texts: str, place: int = 0, language: str = "nl") -> str:
    """Options with these texts; the one at `place` is marked in `language`."""
    lines = []
    for index, text in enumerate(texts, start=1):
        marks = {each: "▲" if index == place and each == language else "" for each in ("nl", "en")}
        written = ", ".join(f'{mark}{each}: "{text}"' for each, mark in marks.items())
        lines.append(f"      - {{code: {chr(96 + index)}, text: {{{written}}}}}\n")
    return "".join(lines)


CLASSES = "".join(
    f"      - {{code: {code}, text: {{nl: {text}, en: {english}}}}}\n"
    for code, text, english in (("s", "1-4", "1-4"), ("m", "5-9", "5-9"), ("l", "10 of meer", "10 or more"))
)


def when(condition: str) -> tuple[str, str]:
    return WHEN_LAST, f"▲when: {condition}"


def constraint(rule: str) -> tuple[str, str]:
    return CONSTRAINT, f"        ▲constraint: {rule}\n"


def sound(case: tuple[str, str]) -> tuple[str, str]:
    return case[0], case[1].replace("▲", "")


def often(*codes: int, direction: str = "▲direction: ascending", options: str = "options") -> tuple[str, str]:
    """The scale of how often with other codes; five where five are given."""
    texts = (("nooit", "never"), ("zelden", "rarely"), ("soms", "sometimes"), ("vaak", "often"), ("altijd", "always"))
    chosen = texts if len(codes) == 5 else (texts[0], *texts[2:])
    lines = "".join(
        f"      - {{code: {code}, text: {{nl: {nl}, en: {en}}}}}\n"
        for code, (nl, en) in zip(codes, chosen, strict=True)
    )
    old = SOUND[SOUND.index("  often:") : SOUND.index("  rare:")]
    return old, f"  often:\n    {direction}\n    {options}:\n{lines}"


def grade(mark: str, length: int) -> tuple[str, ...]:
    """The variable grade_x with a name of this length."""
    code = "abcdefghijklmnopqrst"
    item = "x" * (length - len(code) - 1)
    before = "{code: x, text: {nl: x, en: x}}\n      - code: group"
    return (
        "- code: grade",
        f"- {mark}code: {code}",
        before,
        before.replace("code: x", f"code: {item}"),
        "grade_x",
        f"{code}_{item}",
    )


PLAIN = "direction: ascending"
MARKED = "▲options"

BROKEN = [
    # rule, (what is replaced, by what), a sound neighbour: (what is replaced, by what) or None for no change
    # --- conditions: contradictory, unreachable, idle
    ("routing-contradiction", when('legal = "Y" and legal = "N"'), when('legal = "Y" or legal = "N"')),
    ("routing-contradiction", when("size > 5 and size < 3"), when("size > 3 and size < 5")),
    ("routing-contradiction", when("size > 5 and size < 6"), when("staff > 5 and staff < 6")),
    ("routing-contradiction", when("answered(size) and not answered(size)"), when("answered(size) and not answered(staff)")),
    ("routing-contradiction", when("size + staff > 150"), when("size + staff >= 100")),
    ("routing-contradiction", when('count("Y", tick_s, tick_t) > 2'), when('count("Y", tick_s, tick_t) > 1')),
    ("routing-contradiction", (ITEM_T, '{code: t, text: {nl: t, en: t}, ▲when: legal = "Y" and legal = "N"}'), None),
    ("unreachable", when('legal = "N" and answered(rate_x)'), when('legal = "Y" and answered(rate_x)')),
    ("unreachable", when('tick_t = "Y" and legal != "Y"'), when('tick_s = "Y" and legal != "Y"')),
    ("unreachable", when("sum(share_a, share_b) = 50"), when("sum(share_a, share_b) = 0")),
    ("unreachable", when("staff > size + 1"), when("staff > size - 1")),
    ("unreachable", when("not answered(tick_s)"), when('tick_s = "N"')),
    ("routing-always", when('legal = "Y" or not legal = "Y"'), when('legal = "Y" or legal = "N"')),
    ("routing-always", when("answered(tick_s)"), when("answered(tick_t)")),
    ("routing-always", when("size >= 0 or not answered(size)"), when("size > 0 or not answered(size)")),
    ("routing-beyond-range", when("size > 100"), when("size >= 100")),
    ("routing-beyond-range", when("size = 2.5"), when("staff = 2.5")),
    ("routing-beyond-range", when("size in [50, 200]"), when("size in [50, 100]")),
    ("routing-beyond-range", when("rate_x > 4"), when("rate_x > 3")),
    ("comparison-always", when("size < 200"), when("size < 100")),
    ("comparison-always", when("size != 101"), when("size != 100")),
    ("comparison-always", when("rate_x < 9"), when("rate_x <= 4")),
    ("division-by-zero", when("size / 0 > 1"), when("size / 1 > 1")),
    ("division-by-zero", when("size / (2 - 2) > 1"), when("size / (2 - 1) > 1")),
    ("division-by-zero", (FORMULA, "    ▲formula: staff / 0\n"), None),
    ("routing-no-number", when("place + 1 > 2"), when("rate_x + 1 > 2")),
    ("routing-forward", (ROUTED_PLACE, ROUTED_PLACE + "        ▲when: size > 3\n"), (ROUTED_PLACE, ROUTED_PLACE + '        when: legal = "Y"\n')),
    ("routing-cycle", (ROUTED_PLACE, ROUTED_PLACE + "        ▲when: answered(last)\n", WHEN_LAST, "when: answered(place)"), None),
    ("routing-forward", when("answered(last)"), None),
    ("routing-unknown-variable", when('tick = "Y"'), when('tick_s = "Y"')),
    ("routing-unknown-variable", when("answered(intro)"), None),
    # --- constraints
    ("constraint-contradiction", constraint("staff > 10 and staff < 5"), constraint("staff > 5 and staff < 10")),
    ("constraint-contradiction", constraint("staff > size + 50"), constraint("staff > size + 49")),
    ("constraint-always", constraint("staff <= size + 50"), constraint("staff <= size + 49")),
    ("constraint-always", constraint('staff > 3 and legal = "Y" and legal = "N" or legal != "Y" and legal != "N" and staff < 2 or staff >= 0'), None),
    ("required-unanswerable", (CONSTRAINT, "        required: true\n        ▲constraint: staff - 51 > 0\n"), (CONSTRAINT, "        required: true\n        constraint: staff - 49 > 0\n")),
    ("constraint-without-message", (CONSTRAINT + MESSAGE, "        ▲constraint: staff <= size\n"), None),
    ("message-without-constraint", (CONSTRAINT + MESSAGE, "        ▲constraint message: {nl: Zo, en: So}\n"), (CONSTRAINT + MESSAGE, "")),
    ("missing-translation", (MESSAGE, "        ▲constraint message: {nl: Hooguit alle}\n"), None),
    # --- scales
    ("duplicate-text", ("{code: BB, text: {nl: Be, en: Be}}", "{code: BB, text: {▲nl: aa, en: Be}}"), ("{code: BB, text: {nl: Be, en: Be}}", "{code: BB, text: {nl: Aä, en: Be}}")),
    ("duplicate-text", ("{code: b, text: {nl: b, en: b}}\n      - code: tick", "{code: b, text: {nl: b, ▲en: a}}\n      - code: tick"), None),
    ("duplicate-answer-code", ("{code: BB, text: {nl: Be, en: Be}}", "{▲code: aa, text: {nl: Be, en: Be}}"), None),
    ("duplicate-item-code", ('{code: t, text: {nl: t, en: t}, when', '{▲code: S, text: {nl: t, en: t}, when'), None),
    ("overlapping-options", (CLASSES, classes("1-5", "5-10", "11+", place=2)), (CLASSES, classes("1-5", "6-10", "11+"))),
    ("overlapping-options", (CLASSES, classes("1 t/m 5 jaar", "4 t/m 10 jaar", "meer dan 10 jaar", place=2)), (CLASSES, classes("0 t/m 4 jaar", "5 t/m 10 jaar", "meer dan 10 jaar"))),
    ("overlapping-options", (CLASSES, classes("minder dan 10", "10 tot 20", "20 tot en met 30", "30 of meer", place=4)), (CLASSES, classes("minder dan 10", "10 tot 20", "20 tot en met 30", "meer dan 30"))),
    ("overlapping-options", (CLASSES, classes("under 18", "17 to 24", "over 24", place=2)), (CLASSES, classes("under 18", "18 to 24", "over 24"))),
    ("overlapping-options", (CLASSES, classes("1", "2", "3", "3+", place=4)), (CLASSES, classes("1", "2", "3", "4+"))),
    ("missing-code", often(1, 2, 4, 5, direction=PLAIN, options=MARKED), often(1, 2, 3, 4, direction=PLAIN)),
    ("missing-code", often(1, 2, 3, 4, 6, direction=PLAIN, options=MARKED), often(0, 25, 50, 75, direction=PLAIN)),
    ("codes-against-order", often(5, 4, 3, 2, 1, direction=PLAIN, options=MARKED), often(1, 2, 3, 4, direction=PLAIN)),
    ("codes-against-order", often(1, 3, 2, 4, direction=PLAIN, options=MARKED), often(0, 1, 5, 25, direction=PLAIN)),
    ("scale-direction", often(1, 2, 3, 4, direction="▲direction: descending"), often(1, 2, 3, 4, direction=PLAIN)),
    ("scale-direction", ("  classes:\n    direction: ascending", "  classes:\n    ▲direction: descending"), None),
    ("other-twice", ("scale: town\n        other: true\n", "scale: town\n        ▲other: true\n", OTHER, OTHER + ", {code: other, text: {nl: iets, en: some}}"), None),
    ("other-without-option", (OTHER, "{code: CC, text: {nl: Ce, en: Ce}}", "scale: town\n        other: true\n", "scale: town\n        ▲other: true\n"), None),
    # --- sums
    ("double-sum-rule", (SHARES, SHARES + "        ▲constraint: sum(share_a, share_b) = 100\n"), None),
    ("double-sum-rule", (SHARES, SHARES + "        ▲constraint: share_b + share_a <= 100\n"), (SHARES, SHARES + "        constraint: share_a <= 90\n" + MESSAGE)),
    ("double-sum-rule", constraint("staff + size < 90 and 80 > size + staff"), constraint("staff + size < 90 and 20 < size + staff")),
    ("double-sum-rule", constraint("staff + size = 90 and staff + size > 10"), constraint("staff + size = 90 or staff + size = 10")),
    ("unreachable-total", (SHARES, SHARES.replace("total: 100", "▲total: 99.5") + "        integer: true\n"), (SHARES, SHARES.replace("100\n        total: 100", "100\n        total: 99.5"))),
    ("unreachable-total", (SHARES, "        minimum: 60\n        ▲total: 100\n"), (SHARES, "        minimum: 40\n        total: 100\n")),
    ("unreachable-total", (SHARES, "        minimum: 0\n        maximum: 49.5\n        ▲total: 99\n        integer: true\n"), (SHARES, "        minimum: 0\n        maximum: 49.5\n        total: 99\n")),
    ("total-without-minimum", (SHARES, "        maximum: 100\n        ▲total: 100\n"), None),
    # --- keys that mean nothing, codes
    ("required-note", ("kind: note\n", "kind: note\n        ▲required: true\n"), None),
    ("random-order-not-allowed", ("kind: note\n", "kind: note\n        ▲random order: true\n"), ("kind: multiple\n", "kind: multiple\n        random order: true\n")),
    ("random-order-not-allowed", ("kind: text\n", "kind: text\n        ▲random order: true\n"), ("scale: classes\n", "scale: classes\n        random order: true\n")),
    ("item-condition-not-allowed", ("{code: 2, text: {nl: 2, en: 2}}", '{code: 2, text: {nl: 2, en: 2}, ▲when: legal = "Y"}'), None),
    ("items-not-allowed", ("kind: text\n", 'kind: text\n        ▲items: [{code: z, text: {nl: z, en: z}, when: legal = "Y"}]\n'), None),
    ("limit-not-allowed", ("kind: text\n", "kind: text\n        ▲integer: true\n"), None),
    ("reserved-code", ("kind: multiple\n", "kind: multiple\n        comment: true\n", "{code: s, text: {nl: s", "{▲code: mycomment, text: {nl: s"), ("{code: s, text: {nl: s, en: s}}", "{code: mycomment, text: {nl: s, en: s}}")),
    ("reserved-code", ("kind: multiple\n", "kind: multiple\n        other: true\n", "{code: s, text: {nl: s", "{▲code: other, text: {nl: s"), ("{code: s, text: {nl: s, en: s}}", "{code: other, text: {nl: s, en: s}}")),
    ("item-code", ("{code: s, text: {nl: s", "{▲code: abcdefghijklmnopqrstu, text: {nl: s"), ("{code: s, text: {nl: s", "{code: abcdefghijklmnopqrst, text: {nl: s")),
    ("question-code", ("- code: place", "- ▲code: abcdefghijklmnopqrstu"), ("- code: place", "- code: abcdefghijklmnopqrst")),
    ("answer-code", ("{code: BB, text", "{▲code: BBBBBB, text"), ("{code: BB, text", "{code: BBBBB, text")),
    ("spss-name", ("- code: place", "- ▲code: with"), ("- code: place", "- code: within")),
    ("stata-name", ("- code: place", "- ▲code: byte"), ("- code: place", "- code: bytes")),
    ("stata-name", grade("▲", STATA.longest + 1), grade("", STATA.longest)),
    # --- constructs and indicators
    ("mixed-directions", ("  rare:\n    direction: ascending\n    options:\n      - {code: a, text: {nl: laag, en: low}}\n      - {code: b, text: {nl: gemiddeld, en: medium}}\n      - {code: c, text: {nl: hoog, en: high}}\n      - {code: d, text: {nl: zeer hoog, en: very high}}\n", "  rare:\n    direction: descending\n    options:\n      - {code: a, text: {nl: zeer hoog, en: very high}}\n      - {code: b, text: {nl: hoog, en: high}}\n      - {code: c, text: {nl: gemiddeld, en: medium}}\n      - {code: d, text: {nl: laag, en: low}}\n", "rate_y, grade_x]", "rate_y, ▲grade_x]"), None),
    ("mixed-scales", ("rate_y, grade_x]", "rate_y, grade_x, ▲group]"), ("rate_y, grade_x]", "rate_x, rate_y]".replace("rate_x, ", ""))),
    ("item-without-range", ("rate_y, grade_x]", "rate_y, grade_x, ▲place]"), None),
    ("duplicate-item", ("rate_y, grade_x]", "rate_y, grade_x, ▲rate_y]"), None),
    ("missing-items", ("items: [rate_x, rate_y, grade_x]", "▲items: []"), None),
    ("unknown-dimension", ("dimension: people", "▲dimension: person"), None),
    ("unused-dimension", ("  people: {nl: Mensen, en: People}", "  people: {nl: Mensen, en: People}\n  ▲money: {nl: Geld, en: Money}"), None),
    ("duplicate-indicator", ("indicators:\n", "indicators:\n  - {code: Density, dimension: people, title: {nl: a, en: a}, formula: size, unit: {nl: a, en: a}, direction: none, evidence: {nl: a, en: a}}\n", "- code: density", "- ▲code: density"), None),
    ("indicator-code", ("- code: density", "- ▲code: 1st"), ("- code: density", "- code: first_1")),
    ("formula-without-variable", (FORMULA, "    ▲formula: 3 * 4\n"), (FORMULA, "    formula: 3 * staff\n")),
    ("routing-syntax", (FORMULA, "    ▲formula: staff > 3\n"), None),
    ("routing-syntax", constraint("staff << 3"), None),
    ("routing-syntax", when("not " * 200 + "size > 3"), when("not " * 3 + "size > 3")),
    ("unknown-variable", (FORMULA, "    ▲formula: stuff / size\n"), None),
    ("routing-no-number", (FORMULA, "    ▲formula: legal / size\n"), (FORMULA, '    formula: count("Y", legal) / size\n')),
    ("missing-translation", ("evidence: {nl: Jaarverslag, en: Annual report}", "▲evidence: {nl: Jaarverslag}"), None),
]  # fmt: skip


def changed(replacements: tuple[str, ...]) -> str:
    text = SOUND
    for old, new in zip(replacements[::2], replacements[1::2], strict=True):
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def written(folder: Path, text: str) -> Path:
    file = folder / "questionnaire.yml"
    file.write_text(text, encoding="utf-8")
    return file


IDS = [f"{index}-{case[0]}" for index, case in enumerate(BROKEN)]


def test_the_sound_one_is_sound(tmp_path):
    assert [str(each) for each in check(written(tmp_path, SOUND))[1]] == []


def test_there_are_more_than_forty():
    assert len(BROKEN) > 40
    assert len({case[1] for case in BROKEN}) == len(BROKEN)


@pytest.mark.parametrize(("rule", "broken", "neighbour"), BROKEN, ids=IDS)
def test_rule_line_column_and_remedy(tmp_path, rule, broken, neighbour):
    marked = changed(broken)
    before = marked[: marked.index("▲")]
    place = (before.count("\n") + 1, len(before) - before.rfind("\n"))
    _, problems = check(written(tmp_path, marked.replace("▲", "")))
    found = {(each.rule, each.line, each.column): each for each in problems}
    assert (rule, *place) in found, "\n".join(map(str, problems))
    told = found[rule, *place]
    assert told.severity == RULES[rule].severity
    assert told.place
    assert told.fix.endswith((".", "?", "]"))
    assert re.search(r"[.?!] [A-Z]", told.fix) is None  # one sentence


@pytest.mark.parametrize(
    ("rule", "neighbour"), [(rule, each) for rule, _, each in BROKEN if each is not None],
    ids=[name for name, case in zip(IDS, BROKEN, strict=True) if case[2] is not None],
)  # fmt: skip
def test_the_neighbour_is_not_accused(tmp_path, rule, neighbour):
    _, problems = check(written(tmp_path, changed(neighbour).replace("▲", "")))
    assert [str(each) for each in problems if each.rule == rule or each.severity == "error"] == []


@pytest.mark.parametrize(("rule", "broken"), [case[:2] for case in BROKEN], ids=IDS)
def test_what_was_in_the_field_is_a_warning_marked_imported(tmp_path, rule, broken):
    text = "imported from: LimeSurvey\n" + changed(broken).replace("▲", "")
    told = [each for each in check(written(tmp_path, text))[1] if each.rule == rule]
    folded = {"duplicate-answer-code", "duplicate-item-code", "duplicate-indicator"}  # told apart by capitals there
    assert told or rule in folded
    for each in told:
        assert (
            (each.severity, each.imported) == ("warning", True)
            if RULES[rule].carried_over
            else each.severity == RULES[rule].severity
        )


def test_names_that_other_software_does_not_take_are_told_of_imports(tmp_path):
    text = "imported from: LimeSurvey\n" + changed(
        ("- code: place", "- code: 1place", "{code: s, text: {nl: s", '{code: "s t", text: {nl: s')
    )
    rules = {each.rule: each.line for each in check(written(tmp_path, text))[1]}
    assert {"xlsform-name", "ddi-id", "xlsform-choice-name"} <= rules.keys()
    assert "1place" in text.splitlines()[rules["xlsform-name"] - 1]


def test_a_name_that_begins_with_a_digit_is_told_so(tmp_path):
    text = "imported from: LimeSurvey\n" + changed(("- code: place", "- code: 1place"))
    told = {each.rule: each for each in check(written(tmp_path, text))[1]}
    assert "not with the digit 1" in told["spss-name"].fix


def test_a_cycle_is_told_once_by_its_path(tmp_path):
    text = changed(
        (
            ROUTED_PLACE,
            ROUTED_PLACE + "        when: answered(group)\n",
            "scale: classes\n",
            "scale: classes\n        when: size > 3\n",
            "kind: number\n",
            "kind: number\n        when: answered(place)\n",
        )
    )
    circles = [each for each in check(written(tmp_path, text))[1] if each.rule == "routing-cycle"]
    assert [each.message.rpartition(": ")[2] for each in circles] == ["place → group → size → place."]


FOLLOWED = [
    # a mistake, among conditions that look at what is wrong; what is told, and nothing else
    ({"routing-forward"}, when("answered(last)")),
    ({"duplicate-question-code"}, ("- code: place", "- ▲code: legal", 'when: legal = "Y"\n        text', 'when: legal = "AA"\n        text')),
    ({"duplicate-answer-code"}, ("{code: Y, text: {nl: ja", "{▲code: n, text: {nl: ja")),
    ({"unknown-scale", "unused-scale"}, ("scale: yesno", "▲scale: yesnoo")),
    ({"minimum-above-maximum"}, ("minimum: 0\n        maximum: 100\n        integer", "▲minimum: 200\n        maximum: 100\n        integer", WHEN_LAST, "when: size > 3 and staff > 2")),
    ({"duplicate-item-code"}, ("{code: y, text: {nl: y", "{▲code: X, text: {nl: y", WHEN_LAST, "when: rate_x > 9", "rate_x, rate_y, grade_x", "grade_x", "minimum valid: 2", "minimum valid: 1")),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "broken"), FOLLOWED, ids=[sorted(rules)[0] for rules, _ in FOLLOWED])
def test_a_mistake_has_no_followers(tmp_path, rules, broken):
    _, problems = check(written(tmp_path, changed(broken).replace("▲", "")))
    assert {each.rule for each in problems} == rules, "\n".join(map(str, problems))
    assert len(problems) == len(rules)


def test_the_solver_tells_what_an_unreachable_question_rests_on(tmp_path):
    _, problems = check(written(tmp_path, changed(when('legal = "N" and answered(rate_x)')).replace("▲", "")))
    (told,) = problems
    assert "“last” can never be asked, because of how “rate” can be asked" in told.message


def test_every_rule_of_the_catalogue_is_tried():
    texts = [
        Path(__file__).with_name(name).read_text(encoding="utf-8") for name in ("test_check.py", Path(__file__).name)
    ]
    assert [rule for rule in RULES if not any(f'"{rule}"' in text for text in texts)] == []


def test_every_rule_that_is_told_is_in_the_catalogue(root):
    folder = root / "src" / "clustergov" / "instruments" / "rules"
    source = "".join(file.read_text(encoding="utf-8") for file in folder.glob("*.py"))
    told = set(re.findall(r'positions\.problem\(\s*(?:\(.*?\)|[\w\[\]]+), "([a-z-]+)"', source))
    assert len(told) > 60
    assert told <= RULES.keys()
