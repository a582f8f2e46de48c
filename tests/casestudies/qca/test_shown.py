"""What is shown of real respondents: nobody, no count under five, nothing from which one could be worked out."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.casestudies.qca.differencing import Told, told_together
from clustergov.casestudies.qca.qca import Qca
from clustergov.casestudies.qca.respondents import DeclaredQca, RespondentSets, declared_qca
from clustergov.casestudies.qca.robustness import Robustness
from clustergov.casestudies.qca.shown import frames, part_of, quadrants, rows_shown, truth_table_frame, types_frame
from clustergov.casestudies.qca.shuffled import Shuffled
from clustergov.cli.casestudies.qca_study import show
from clustergov.language import Text
from clustergov.reports.chapters.qca import qca
from clustergov.reports.document import Document, Figure, Table
from clustergov.reports.html import render_html
from clustergov.study.analyse import draw
from clustergov.study.plan import check_study

COUNTS = {
    "qca respondents": ("respondents",), "qca necessity": ("without",), "qca truth table": ("n", "deviant"),
    "qca solutions": ("in_term", "deviant"), "qca case types": ("typical", "kind", "coverage", "irrelevant"),
}  # fmt: skip
"""Columns that count people; the other tables have none."""


@pytest.fixture(scope="module")
def synthetic(root: Path) -> DeclaredQca:
    return found(root, real=False)


@pytest.fixture(scope="module")
def real(root: Path) -> DeclaredQca:
    """The shipped respondents as if they were real."""
    return found(root, real=True)


def found(root: Path, *, real: bool) -> DeclaredQca:
    plan = check_study(root)
    drawn = draw(plan)
    assert drawn is not None
    assert plan.declared.qca is not None
    answers = drawn.responses
    if real:
        answers = replace(answers, origin=replace(answers.origin, kind="real"))
    return declared_qca(plan.declared.qca, answers, minimum=5)


@pytest.mark.parametrize(
    ("part", "expected"), [(0, 0), (1, None), (4, None), (5, 5), (15, 15), (16, None), (19, None), (20, 20)]
)
def test_a_part_is_shown_only_where_it_and_the_rest_are_large_enough(part: int, expected: int | None) -> None:
    assert part_of(part, 20, 5) == expected
    assert part_of(part, 20, None) == part


def test_no_count_under_five_is_in_the_data_of_real_responses(real: DeclaredQca) -> None:
    told = frames(real)
    assert set(told) == {"qca respondents", "qca necessity", "qca truth table", "qca solutions", "qca case types", "qca ranges",
                         "qca other choices", "qca by chance"}  # fmt: skip
    for name, columns in COUNTS.items():
        for column in columns:
            values = told[name][column].dropna()
            assert not ((values > 0) & (values < 5)).any(), (name, column)
    assert "case" not in set(told["qca other choices"]["kind"])


def test_hidden_rows_do_not_follow_from_the_total(real: DeclaredQca) -> None:
    assert isinstance(real.outcome, Qca)
    table = real.outcome.truth_table
    shown = rows_shown(table, 5)
    hidden = sum(row.n for row in table.rows) - sum(one.row.n for one in shown)
    rows = len(table.rows) - len(shown)
    assert rows == 0 or (rows > 1 and hidden > rows)


def test_nobody_is_named_in_a_report_on_real_responses(real: DeclaredQca, synthetic: DeclaredQca) -> None:
    assert isinstance(real.sets, RespondentSets)
    whole = json.dumps({name: frame.astype(str).to_numpy().tolist() for name, frame in frames(real).items()})
    pages = []
    for language in ("nl", "en"):
        blocks = qca(real, language)
        assert not any(isinstance(block, Figure) and block.id == "qca-plot" for block in blocks)
        tables = [block.data.astype(str).to_csv() for block in blocks if isinstance(block, Table)]
        pages.append(render_html(Document("QCA", "", language, "", "", tuple(blocks))) + "".join(tables))
    names = [
        name
        for name in real.sets.table.cases
        if name in whole or any(f">{name}<" in page or f"{name}," in page for page in pages)
    ]
    assert names == []
    # The same chapter on synthetic respondents does name some.
    assert any(name in "".join(frames(synthetic)["qca solutions"]["deviant_cases"]) for name in real.sets.table.cases)


def test_no_row_under_the_minimum_counts_on_real_responses(real: DeclaredQca, synthetic: DeclaredQca) -> None:
    """The declared four would tell that a hidden row with OUT 1 has exactly four."""
    assert synthetic.frequency == 4
    assert real.frequency == 5
    assert isinstance(real.outcome, Qca)
    assert all(row.out == "?" for row in real.outcome.truth_table.rows if row.n < 5)
    assert isinstance(real.robustness, Robustness)
    assert min(one.tried for one in real.robustness.by_choice if one.kind == "frequency") >= 5
    assert min(one.low for one in real.robustness.ranges if one.choice == "frequency") >= 5


def test_a_small_cell_takes_the_other_three_with_it() -> None:
    """Members of X and of Y are known, so that one of four hidden cells would follow from the other three."""
    x, y = np.repeat([1.0, 1, 0, 0], [20, 3, 30, 40]), np.repeat([1.0, 0, 1, 0], [20, 3, 30, 40])
    assert quadrants(x, y, None) == (20, 3, 30, 40)
    assert quadrants(x, y, 5) == (None, None, None, None)


def test_inclusions_of_crisp_sets_are_hidden_with_their_counts() -> None:
    from clustergov.casestudies.qca.calibrating import calibrate
    from clustergov.casestudies.qca.expression import SetLiteral
    from clustergov.casestudies.qca.qca import qca as analysed
    from clustergov.casestudies.qca.truth_table import CutOffs

    blocks = [((0, 0), 10, 2), ((0, 1), 20, 15), ((1, 0), 20, 10), ((1, 1), 20, 20)]
    values = np.array([[*pair, int(at < inside)] for pair, n, inside in blocks for at in range(n)], dtype=float)
    table = calibrate(pd.DataFrame(values, columns=["A", "B", "Y"]), ["A", "B", "Y"])
    found = analysed(table, SetLiteral("Y", (1,)), ["A", "B"], CutOffs(0.7))
    shown = truth_table_frame(found, 5).set_index("row")
    assert pd.isna(shown.loc[1, "inclusion"])  # 2 of 10
    assert shown.loc[4, "inclusion"] == 1
    assert shown.loc[4, "deviant"] == 0


def members(*places: int, n: int = 60) -> np.ndarray:
    """A crisp membership of `n` cases."""
    return np.isin(np.arange(n), places).astype(float)


def test_no_small_count_follows_from_two_that_are_shown() -> None:
    everywhere = members(*range(0, 60, 2)) * 0.2 + 0.7  # all in the outcome
    whole, large, nearly = members(*range(30)), members(*range(20)), members(*range(27))
    told = told_together({"W": whole, "A": large, "B": nearly}, everywhere, [], 5)
    assert told == {"W": Told(True, True), "B": Told(False, False), "A": Told(True, True)}  # 30 less 27 are three
    # two that make up a third have three in common
    told = told_together({"W": whole, "A": members(*range(18)), "B": members(*range(15, 30))}, everywhere, [], 5)
    assert [name for name, one in told.items() if one.inside] == ["W", "A"]
    # a term of 20, of which rows with 17 are shown: three in the others
    rows = [(frozenset(range(9)), frozenset()), (frozenset(range(9, 17)), None)]
    assert not told_together({"A": large}, everywhere, rows, 5)["A"].inside
    assert told_together({"A": large}, everywhere, rows[:1], 5)["A"].inside
    # as many inside may be told, and not how many of them lack the outcome: six in all, five in the smaller one
    y = members(*(set(range(60)) - {0, 1, 2, 3, 4, 29}))
    told = told_together({"W": whole, "A": large}, y, [], 5)
    assert told == {"W": Told(True, True), "A": Told(True, False)}
    assert told_together({"W": whole, "B": nearly}, y, [], None) == {"W": Told(True, True), "B": Told(True, True)}


def test_cases_held_by_other_choices_give_nobody_away(real: DeclaredQca, synthetic: DeclaredQca) -> None:
    table, free = (
        next(block for block in qca(one, "en") if isinstance(block, Table) and block.id == "qca-held")
        for one in (real, synthetic)
    )
    assert list(table.data) == ["type", "choices"]  # two columns nearly alike would tell of a case or two
    assert list(free.data) == ["type", "choices", "cases"]
    shown = table.data["choices"]
    assert isinstance(real.sets, RespondentSets)
    left = len(real.sets.table.cases) - shown.sum()
    assert (shown.isna().sum() == 0 and (left == 0 or left >= 5)) or shown.isna().sum() >= 1
    assert not shown.between(1, 4).any()


def test_the_terminal_shows_what_is_left_out_as_a_dash(real: DeclaredQca, capsys: pytest.CaptureFixture[str]) -> None:
    show(real, "en")
    told = capsys.readouterr().out
    assert "–" in told
    assert "NA" not in told
    assert not re.search(r"\bS\d{3}\b", told)


def test_counts_of_real_terms_do_not_give_each_other_away(real: DeclaredQca) -> None:
    assert isinstance(real.outcome, Qca)
    frame = types_frame(real.outcome, real.outcome.minimisation.intermediate[0], 5).dropna()
    for kind in ("typical", "kind", "coverage", "irrelevant"):
        whole = frame.loc[frame["term"] == "", kind]
        rest = (frame.loc[frame["term"] != "", kind] - int(whole.iloc[0])).abs() if len(whole) else whole
        assert not rest.between(1, 4).any()


def test_the_chapter_has_every_part_in_both_languages(synthetic: DeclaredQca) -> None:
    assert isinstance(synthetic.shuffled, Shuffled)
    for language in ("nl", "en"):
        blocks = qca(synthetic, language, banner="SYNTHETIC")
        tables = {block.id for block in blocks if isinstance(block, Table)}
        assert tables == {
            "qca-sets", "qca-necessity", "qca-truth-table", "qca-intermediate", "qca-conservative", "qca-parsimonious",
            "qca-cases", "qca-negated-intermediate", "qca-robustness", "qca-held", "qca-chance",
        }  # fmt: skip
        figures = [block for block in blocks if isinstance(block, Figure)]
        assert {figure.id for figure in figures} == {"qca-configurations", "qca-plot", "qca-sensitivity"}
        assert all(30 < len(figure.alt) < 1000 and figure.png.startswith(b"\x89PNG") for figure in figures)
        words = render_html(Document("QCA", "", language, "", "", tuple(blocks)))
        assert {"nl": "Met het uitblijven van ", "en": "what goes with the absence of "}[language] in words


def test_figures_repeat_byte_for_byte(synthetic: DeclaredQca) -> None:
    first, second = ([block.png for block in qca(synthetic, "en") if isinstance(block, Figure)] for _ in range(2))
    assert first == second


def test_where_everything_is_refused_the_chapter_tells_the_reason(synthetic: DeclaredQca) -> None:
    reason = Text({"nl": "te weinig", "en": "too few"})
    refused = replace(synthetic, sets=reason, outcome=reason, negated=reason, robustness=reason, shuffled=reason)
    text = render_html(Document("QCA", "", "nl", "", "", tuple(qca(refused, "nl"))))
    assert text.count("te weinig") == 2
    assert set(frames(refused)) == set()
