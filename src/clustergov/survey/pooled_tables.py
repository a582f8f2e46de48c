"""Pooled waves as tables: the answers, where each cell comes from, and how much of each variable compares."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from clustergov.instruments.questionnaire import Blank
from clustergov.survey.formula_cells import harmless
from clustergov.survey.pooling import Pooled
from clustergov.survey.writing import table_of

_UNTOLD = (Blank.NOT_ASKED.value, Blank.NOT_RECORDED.value)


def answers_table(pooled: Pooled) -> pd.DataFrame:
    """The pooled answers as a file that `survey.reading` reads.

    Who submitted is left out where a cell was not asked or not recorded: a reader would take such a cell of somebody
    who submitted for a question that they skipped. It stands in the table of origins.
    """
    responses = pooled.responses
    untold = bool(responses.blanks.isin(_UNTOLD).to_numpy().any())
    return table_of(replace(responses, complete=None) if untold else responses)


def origin_table(pooled: Pooled) -> pd.DataFrame:
    """Per respondent the wave, who submitted where that is known, and of each variable where its cell comes from."""
    columns = {"id": pooled.origin.index.map(harmless), "wave": pooled.wave.map(harmless).to_numpy()}
    if pooled.responses.complete is not None:
        columns["complete"] = ["yes" if done else "no" for done in pooled.responses.complete]
    own = pd.DataFrame(columns, index=pooled.origin.index, dtype="str")
    own.columns = [f"clustergov {name}" if name in pooled.origin else name for name in own]
    return pd.concat([own, pooled.origin.map(harmless)], axis=1)


def comparable(pooled: Pooled) -> pd.DataFrame:
    """Per variable: answers from each wave, cells that were not asked, answers that were lost.

    Returns
    -------
    DataFrame of int
        Index: variable. Columns: a column per wave, ``not asked``, ``lost``.
    """
    answered = pooled.responses.blanks == ""
    table = {name: answered[pooled.wave == name].sum() for name in dict.fromkeys(pooled.wave)}
    table["not asked"] = (pooled.responses.blanks == Blank.NOT_ASKED.value).sum()
    table["lost"] = pooled.lost.sum()
    return pd.DataFrame(table).astype("int64")
