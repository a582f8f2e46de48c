"""On real responses nobody stands in a report, a table or a figure's words who did not agree to it."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from clustergov.reports.chapters.joint import joint as chapter
from clustergov.reports.document import Block, Document, Table
from clustergov.reports.html import render_html
from clustergov.reports.inline import plain
from clustergov.reports.joint.paths import SideBySide, side_by_side
from clustergov.reports.word import render_word
from clustergov.study.plain import plain as as_data
from joint_parts import Parts

PSEUDONYM = re.compile(r"\bS\d{3}\b")


def whole(parts: Parts, language: str = "en") -> tuple[str, list[Block]]:
    """Everything that anybody could read: words, alternative texts, tables as data, Word and HTML."""
    model, display = parts.model(), parts.display()
    blocks = chapter(display, language, model)
    document = Document("Title", "", language, "", "2026-11-22", tuple(blocks))
    with zipfile.ZipFile(io.BytesIO(render_word(document))) as package:
        word = " ".join(package.read(name).decode("utf-8") for name in package.namelist() if name.endswith(".xml"))
    tables = [block.data.to_csv() for block in blocks if isinstance(block, Table)]
    data = [model.frame(), model.profiles(), model.predictions(), model.omitted(), display.frame(), display.passages()]
    told = [word, render_html(document), *tables, *(frame.to_csv() for frame in data), model.sentence(language)]
    told += [json.dumps(as_data(frame)) for frame in data]
    return "\n".join(told), blocks


@pytest.fixture(scope="module")
def chosen(parts: Parts) -> tuple[str, str]:
    selection = parts.selection()
    return tuple(selection.respondents(each)[0] for each in selection.chosen[2:4])  # type: ignore[return-value]


def test_without_consent_no_pseudonym_and_no_number_of_anybody(parts: Parts, chosen: tuple[str, str]) -> None:
    own = parts.real().linked({"leeuwarden": (chosen[0], False)})
    text, _ = whole(own)
    assert not PSEUDONYM.search(text)
    model = own.model()
    assert model.frame()["observed"].isna().all()
    assert model.frame()["deviance"].isna().all()
    assert model.predictions()["observed"].isna().all()
    assert model.spread.points.empty
    assert model.made_up == ()
    assert model.candidates.groups == ()
    assert "did not agree" in text


def test_with_consent_one_case_stands_under_its_title_and_nobody_else(parts: Parts, chosen: tuple[str, str]) -> None:
    own = parts.real().linked({"leeuwarden": (chosen[0], True), "nijmegen": (chosen[1], False)})
    text, _ = whole(own)
    assert not PSEUDONYM.search(text)
    model = own.model()
    shown = model.frame().dropna(subset=["observed"])
    assert set(shown["case"]) == {"leeuwarden"}
    assert model.predictions().set_index("case")["observed"].notna().to_dict() == {
        "leeuwarden": True, "nijmegen": False, "twente": False, "groningen": False
    }  # fmt: skip
    assert model.candidates.groups == (("leeuwarden", "high"),)
    assert len(model.spread.points) == 1


def test_a_pair_of_which_one_agreed_does_not_tell_its_distance(parts: Parts) -> None:
    selection = parts.selection()
    pair = next(each for each in selection.chosen if each.rule.rule == "most similar")
    one, other = selection.respondents(pair)
    alone = parts.real().linked({"leeuwarden": (one, True)}).model().frame()
    rows = alone[(alone["rule"] == "most similar") & (alone["rank"] == pair.rank)]
    assert rows["value"].isna().all()
    assert rows["observed"].notna().sum() == 1
    both = parts.real().linked({"leeuwarden": (one, True), "twente": (other, True)}).model().frame()
    rows = both[(both["rule"] == "most similar") & (both["rank"] == pair.rank)]
    assert rows["value"].notna().all()


def test_small_classes_of_deviation_are_hidden_with_what_would_give_them_away(parts: Parts) -> None:
    own = parts.real().model().spread.bins
    everybody = parts.model().spread.bins
    assert (everybody["n"].between(1, 4)).any()
    assert own.loc[everybody["n"].between(1, 4), "n"].isna().all()
    assert (own["n"].dropna() >= 5).sum() + (own["n"] == 0).sum() == own["n"].notna().sum()


def test_percentiles_of_a_case_at_the_edge_are_hidden(parts: Parts) -> None:
    selection = parts.selection()
    column = selection.modelled.predictors[:, selection.modelled.terms.index("experience")]
    above = (column[None] > column[:, None]).sum(axis=1)
    second = selection.modelled.respondents[int(np.flatnonzero((above > 0) & (above < 5))[0])]
    account = parts.real().linked({"leeuwarden": (second, True)}).model().accounts[0]
    row = next(row for row in account.profile if row.driver == "experience")
    assert row.percentile is None
    assert row.why is not None
    synthetic = parts.linked({"leeuwarden": (second, True)}).model().accounts[0]
    assert next(row for row in synthetic.profile if row.driver == "experience").percentile is not None


@pytest.mark.parametrize("language", ["nl", "en"])
def test_words_without_consent_are_withheld_and_counted(parts: Parts, language: str) -> None:
    display = parts.display()
    row = next(row for row in display.rows if row.cells[0].passages)
    hidden = replace(row.cells[0], passages=(replace(row.cells[0].passages[0], text=None),))
    shown = replace(display, rows=(replace(row, cells=(hidden, *row.cells[1:])),))
    table = next(block for block in chapter(shown, language) if isinstance(block, Table) and "passages" in block.id)
    assert ("geen toestemming" if language == "nl" else "no consent") in plain(table.rows[0][1])
    assert isinstance(table.data, pd.DataFrame)
    assert not table.data["quotable"].iloc[0]


def _sides(present: int, absent: int, model: int, terms: list[range], against: int = 0) -> SideBySide:
    """Organisations 0 … with the outcome, then those without; the model covers the first `model`."""
    everybody = [f"r{i}" for i in range(present + absent)]
    wrongly = {f"r{present + i}" for i in range(against)}
    return side_by_side(
        {who: i < model or who in wrongly for i, who in enumerate(everybody)},
        {who: i < present for i, who in enumerate(everybody)},
        [(f"T{k}", {who: i in term for i, who in enumerate(everybody)}) for k, term in enumerate(terms)],
        names={}, minimum=5,
    )  # fmt: skip


def test_no_path_gives_a_small_count_away_by_what_stands_beside_it() -> None:
    open_ = _sides(40, 20, 20, [range(0, 15), range(10, 30)], against=8)
    assert [open_.covered(path) for path in open_.paths] == [20, 15, 20]
    assert open_.against(open_.paths[0]) == 8
    # 30 of the 40 by QCA, of which 28 by the first path: two by the second alone
    alone = _sides(40, 20, 20, [range(0, 28), range(20, 30)])
    assert [alone.covered(path) for path in alone.paths] == [20, None, 10]
    # 18 and 15 make 30: three in both
    both = _sides(40, 20, 20, [range(0, 18), range(15, 30)])
    assert [both.covered(path) for path in both.paths] == [20, None, None]
    # all but three of those with the outcome, and all but two of those without it
    most = _sides(40, 20, 37, [range(0, 30)], against=18)
    assert most.covered(most.paths[0]) is None
    assert most.against(most.paths[0]) is None
    few = _sides(40, 3, 20, [range(0, 30)])
    assert "40" not in few.sentence("en")
