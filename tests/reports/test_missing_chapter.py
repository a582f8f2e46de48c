"""The chapter on missing answers: both analyses in one table, figures that tell what they show, nothing small given away."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from clustergov.analysis.missing.declaration import read_missing
from clustergov.analysis.missing.imputed_drivers import ImputedDrivers, impute_drivers
from clustergov.reports.chapters.missing import missing
from clustergov.reports.document import Block, Figure, Notice, Table
from clustergov.reports.findings import Findings


@pytest.fixture(scope="module")
def imputed(root: Path, findings: Findings) -> ImputedDrivers:
    assert findings.drivers is not None
    responses = findings.responses
    declared = read_missing(root / "analysis" / "missing.yml", responses.questionnaire)
    quick = declared.model_copy(update={"imputations": 4, "iterations": 5})
    return impute_drivers(quick, findings.drivers, responses, seed=1)


def tables(blocks: list[Block]) -> dict[str, Table]:
    return {block.id: block for block in blocks if isinstance(block, Table)}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_chapter_in_both_languages(imputed: ImputedDrivers, language: str) -> None:
    blocks = missing(imputed, language, banner="X")
    found = tables(blocks)
    assert list(found) == ["missing-flow", "missing-items", "missing-scale", "missing-imputed"]
    assert len(found["missing-items"].rows) == 7 + 42
    for table in found.values():
        assert all(len(row) == len(table.header) for row in table.rows)
        assert not {"nan", "NaN"} & {str(cell) for row in table.rows for cell in row}
    figures = [block for block in blocks if isinstance(block, Figure)]
    assert [figure.id for figure in figures] == ["missing-chains", "missing-plausibility"]
    for figure in figures:
        assert 60 < len(figure.alt) < 620
        width, height = Image.open(io.BytesIO(figure.png)).size
        assert width == pytest.approx(16 / 2.54 * 200, abs=2)
        assert height < 22 / 2.54 * 200
        assert len(figure.png) < 200_000


def test_cells_are_those_of_the_frame(imputed: ImputedDrivers) -> None:
    table = tables(missing(imputed, "en"))["missing-scale"]
    own = imputed.frame().query("model == 'scale'")
    assert table.rows[3][1].startswith(f"{own.iloc[4]['estimate']:.2f} (")  # type: ignore[union-attr]  # a plain cell
    assert table.rows[3][2].startswith(f"{own.iloc[5]['estimate']:.2f} (")  # type: ignore[union-attr]  # as above
    assert len(table.data) == 12


def test_small_counts_of_real_answers_stay_hidden(imputed: ImputedDrivers) -> None:
    careful = replace(imputed, complete=replace(imputed.complete, minimum=5))
    blocks = missing(careful, "en")
    found = tables(blocks)
    assert imputed.imputed is not None
    filled = imputed.imputed.counts().set_index("variable")["imputed"]
    assert 0 < filled["firms"] < 5
    assert set(found["missing-imputed"].data["variable"]) == set(filled.index[filled >= 5])
    chains, likely = (block for block in blocks if isinstance(block, Figure))
    assert "(firms)" not in chains.alt + likely.alt
    assert f"of {(filled >= 5).sum()} variables" in chains.alt
    few = found["missing-items"].data.query("outcome == 'external_innov' and cases == 'imputed'")
    assert few["n"].isna().all()
    assert "n = –" in found["missing-items"].rows[7]
    used = careful.frame().query("cases == 'imputed'")["n"].dropna()
    assert not (len(imputed.imputed.frame) - used).between(1, 4).any()
    assert f"with imputed answers {used.min():.0f} or more" in careful.comparison("en")
    assert "fewer than 5 missing answers" in careful.sentence("en")


def test_where_only_few_answers_are_missing_no_imputed_one_is_shown(imputed: ImputedDrivers) -> None:
    careful = replace(imputed, complete=replace(imputed.complete, minimum=1000))
    blocks = missing(careful, "nl")
    assert not [block for block in blocks if isinstance(block, Figure)]
    assert "missing-imputed" not in tables(blocks)
    assert "wordt niet getoond wat is ingevuld" in careful.sentence("nl")


def test_without_imputation_the_reason_stands_there(imputed: ImputedDrivers) -> None:
    from clustergov.language import both

    failed = replace(imputed, imputed=None, outcomes=(), failure=both("missing.drivers.few", n=1))
    notices = [block for block in missing(failed, "en") if isinstance(block, Notice)]
    assert "only 1 respondents answered" in str(notices[0].text)
