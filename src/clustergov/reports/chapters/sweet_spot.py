"""A claimed sweet spot: the verdict, the curve and what it rests on; then the mean share, by age and by country."""

from __future__ import annotations

import math

import pandas as pd

from clustergov.analysis.sweet_spot.share_optimum import ShareOptimum
from clustergov.analysis.sweet_spot.sweet_spot import MeanShare, SweetSpot
from clustergov.analysis.sweet_spot.telling import step_of
from clustergov.language import number, say
from clustergov.reports.document import Block, Bullets, Figure, Heading, Notice, Paragraph, Table
from clustergov.reports.figures.share_optimum import share_optimum_alt, share_optimum_png
from clustergov.reports.wording import between, per_cent, shown

_POWERS = {"slope": 1, "slope before": 1, "slope after": 1, "slope on distance": 1, "curvature": 2}
"""Quantities that are shown per round step of the share, or per its square."""


def sweet_spot(found: SweetSpot, language: str, *, banner: str = "") -> list[Block]:
    """Two sections: the optimum, and the mean. `banner` stands in the figure of simulated answers."""
    blocks: list[Block] = [
        Heading(1, found.title.to(language), "chapter-sweet-spot"),
        Paragraph(say("sweet_spot.chapter.intro", language)),
        Heading(2, say("sweet_spot.chapter.optimum", language), "sweet-spot-optimum"),
    ]
    if found.tested is None:
        blocks.append(Notice("", " ".join(found.told(language)), "limit"))
    else:
        verdict, *rest = found.told(language)
        blocks += [
            Notice(say(f"sweet_spot.name.{found.tested.verdict}", language), verdict),
            _figure(found, found.tested, language, banner),
            Bullets(tuple(rest)),
            _numbers(found.tested, language),
        ]
    if found.mean_share is not None:
        blocks += _mean(found.mean_share, language)
    return blocks


def _figure(found: SweetSpot, tested: ShareOptimum, language: str, banner: str) -> Figure:
    return Figure(
        id="sweet-spot",
        caption=say("sweet_spot.chapter.figure", language, outcome=found.outcome, share=found.share),
        alt=share_optimum_alt(tested, found.share, found.outcome, language),
        png=share_optimum_png(tested, found.share, found.outcome, language, banner),
        notes=(say("sweet_spot.chapter.figure_note", language),),
    )


def _numbers(tested: ShareOptimum, language: str) -> Table:
    frame = tested.frame()
    rows = []
    for row in frame.to_dict("records"):
        decimals = 0 if row["quantity"] in ("turning", "top", "break") else 3
        power = _POWERS.get(row["quantity"], 0)
        row |= {key: row[key] * step_of(tested) ** power for key in ("estimate", "low", "high")}
        rows.append(
            (
                say(f"sweet_spot.part.{row['part']}", language),
                say(f"sweet_spot.quantity.{row['quantity']}", language),
                _cell(row["estimate"], language, decimals),
                "–" if math.isnan(row["low"]) else _ends(row["low"], row["high"], row["level"], language, decimals),
                _cell(row["p"], language, 3),
            )
        )
    keys = ("part", "quantity", "estimate", "interval", "p")
    return Table(
        id="sweet-spot-numbers",
        caption=say("sweet_spot.chapter.numbers", language),
        header=tuple(say(f"sweet_spot.column.{key}", language) for key in keys),
        rows=tuple(rows),
        data=frame,
        notes=(
            say(
                "sweet_spot.chapter.numbers_note",
                language,
                n=tested.n,
                lost=tested.lost,
                step=step_of(tested),
                seed=str(tested.seed),
            ),
        ),
        widths=(3.2, 3.4, 1.8, 3.4, 1.4),
        align="llrrr",
    )


def _ends(low: float, high: float, level: float, language: str, decimals: int) -> str:
    return f"{between(low, high, language, decimals)} ({per_cent(level, language)})"


def _cell(value: float, language: str, decimals: int) -> str:
    return "–" if not math.isfinite(value) else shown(value, language, decimals)


def _mean(found: MeanShare, language: str) -> list[Block]:
    blocks: list[Block] = [Heading(2, say("sweet_spot.chapter.mean", language), "sweet-spot-mean")]
    if found.failure is not None:
        return [*blocks, Notice("", found.failure.reason.to(language), "limit")]
    blocks.append(Bullets(found.told(language)))
    frame = found.frame()
    groups = {group.code: group.label.to(language) for group in found.groups}
    rows = []
    for row in frame.to_dict("records"):
        country = row["kind"] == "country"
        name = str(row["group"]) if country else groups[str(row["group"])]
        verdict = say(f"sweet_spot.agreement.{row['verdict']}", language) if row["verdict"] else "–"
        if country:
            verdict = per_cent(row["chance"], language)
        rows.append(
            (
                name,
                "–" if pd.isna(row["n"]) else number(int(row["n"]), language, 0),
                _cell(row["mean"], language, 1),
                "–" if math.isnan(row["low"]) else between(row["low"], row["high"], language, 1),
                verdict,
            )
        )
    keys = ("group", "n", "mean", "interval", "agreement")
    value, margin = number(found.value, language, 0), number(found.margin, language, 0)
    blocks.append(
        Table(
            id="mean-share",
            caption=say("sweet_spot.chapter.mean_table", language),
            header=tuple(say(f"sweet_spot.column.{key}", language, value=value, margin=margin) for key in keys),
            rows=tuple(rows),
            data=frame,
            notes=(say("sweet_spot.chapter.mean_note", language, value=value, margin=margin),),
            align="lrrrr",
        )
    )
    return blocks
