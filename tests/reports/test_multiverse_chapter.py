"""The chapter of a multiverse: its figure in bounds, tables that agree with the result, both languages."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from clustergov.analysis.multiverse.multiverse import Multiverse, multiverse_of
from clustergov.analysis.multiverse.source import of_table
from clustergov.analysis.multiverse.subsets import every_subset
from clustergov.language import LANGUAGES
from clustergov.reports.chapters.multiverse import MOST_DRAWN, drawn_rows, multiverse
from clustergov.reports.document import Figure, Table
from clustergov.reports.figures.style import DPI, TALLEST, WIDTH


def found(covariates: int) -> Multiverse:
    rng = np.random.default_rng(0)
    names = [f"c{place}" for place in range(covariates)]
    frame = pd.DataFrame(rng.normal(size=(90, covariates + 2)), columns=["y", "x", *names])
    specification = every_subset(["y"], ["x"], names)
    return multiverse_of(
        specification, of_table(specification, frame, pd.DataFrame(index=frame.index)), permutations=20
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_figure_and_tables(language: str) -> None:
    result = found(4)
    blocks = multiverse(result, language, banner="SYNTHETIC")
    (figure,) = (block for block in blocks if isinstance(block, Figure))
    image = Image.open(io.BytesIO(figure.png))
    assert image.width == pytest.approx(WIDTH / 2.54 * DPI, abs=1)
    assert image.height <= TALLEST / 2.54 * DPI
    assert f"{len(result.curves[0].counted)} univers" in figure.alt
    tables = {block.id: block for block in blocks if isinstance(block, Table)}
    assert set(tables) == {"multiverse-regions", "multiverse-influence", "multiverse-forks"}
    assert sum(int(row[1]) for row in tables["multiverse-regions"].rows) == len(result.curves[0].counted)
    assert tables["multiverse-influence"].data["whole"].sum() == pytest.approx(1)
    assert not any("nan" in str(cell).lower() for table in tables.values() for row in table.rows for cell in row)


def test_many_universes_are_drawn_in_part_with_the_preregistered_one() -> None:
    result = found(11)
    rows, shown = drawn_rows(result, result.curves[0])
    assert MOST_DRAWN <= len(shown) <= MOST_DRAWN + 1
    assert rows["preregistered"].sum() == 1
    assert rows["estimate"].min() == result.curves[0].lowest
    assert rows["estimate"].max() == result.curves[0].highest
