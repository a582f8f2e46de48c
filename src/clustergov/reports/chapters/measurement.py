"""What the items measure: loadings, fit beside the declared benchmark, levels of invariance, and the marker check."""

from __future__ import annotations

import pandas as pd

from clustergov.analysis.scales.confirmatory.marker import MarkerCheck
from clustergov.analysis.scales.measurement import Measured, Measurement
from clustergov.language import number, say
from clustergov.reports.document import Block, Bullets, Heading, Inline, Paragraph, Table
from clustergov.reports.wording import between, p_cell


def measurement(found: Measurement, language: str) -> list[Block]:
    """One table of fit for all models, then per model its loadings and, where declared, its levels of invariance."""
    blocks: list[Block] = [
        Heading(1, say("measurement.chapter.title", language), "chapter-measurement"),
        Paragraph(say("measurement.chapter.intro", language)),
    ]
    if any(each.model for each in found.models):
        blocks.append(_fit(found, language))
    if benchmark := found.about_benchmark(language):
        blocks.append(Paragraph(benchmark))
    for each in found.models:
        blocks += _model(found, each, language)
    blocks.append(Heading(2, say("measurement.chapter.marker", language), "measurement-marker"))
    blocks.append(Paragraph(found.about_marker(language)))
    if isinstance(found.marker, MarkerCheck):
        blocks.append(_marker(found.marker, language))
    return blocks


def _model(found: Measurement, each: Measured, language: str) -> list[Block]:
    blocks: list[Block] = [
        Heading(2, each.declared.title.to(language), f"measurement-{each.declared.code}"),
        Paragraph(each.declared.reason.to(language)),
    ]
    # The title stands above already.
    told: tuple[Inline, ...] = tuple(found.told(each, language)[1 if each.model else 0 :])
    blocks.append(Bullets(told))
    if each.model is not None:
        blocks.append(_loadings(found, each, language))
    if each.invariance is not None:
        blocks.append(_levels(each, language))
    return blocks


def _say(key: str, language: str) -> str:
    return say(f"measurement.chapter.{key}", language)


def _fit(found: Measurement, language: str) -> Table:
    frame = found.fit_frame()
    rows = []
    for each, row in zip(found.models, frame.to_dict("records"), strict=True):
        rows.append(
            (
                each.declared.title.to(language), each.declared.estimator, _count(row["n"], language),
                number(row["chi_square"], language), _count(row["df"], language), p_cell(row["p"], language),
                number(row["cfi"], language, 3), number(row["tli"], language, 3),
                "–" if pd.isna(row["rmsea"]) else _interval(row["rmsea"], row["rmsea_low"], row["rmsea_high"], language),
                number(row["srmr"], language, 3),
            )
        )  # fmt: skip
    keys = ("model", "estimator", "n", "chi", "df", "p", "cfi", "tli", "rmsea", "srmr")
    return Table(
        id="measurement-fit",
        caption=_say("fit", language),
        header=tuple(_say(f"column.{key}", language) for key in keys),
        rows=tuple(rows),
        data=frame,
        notes=(_say("fit note", language),),
        widths=(3.2, 1.1, 0.8, 1, 0.7, 1, 1, 1, 2.2, 1),
        align="llrrrrrrrr",
    )


def _interval(value: float, low: float, high: float, language: str) -> str:
    return f"{number(value, language, 3)} ({between(low, high, language, 3)})"


def _count(value: float, language: str) -> str:
    return "–" if pd.isna(value) else number(int(value), language, 0)


def _loadings(found: Measurement, each: Measured, language: str) -> Table:
    frame = found.frame()
    frame = frame[frame["model"] == each.declared.code]
    rows = []
    for row in frame.to_dict("records"):
        words = (found.label(row["lhs"]).to(language), found.label(row["rhs"]).to(language))
        loading = row["op"] == "=~"
        fixed = pd.isna(row["standard_error"])
        rows.append(
            (
                words[1] if loading else say("measurement.chapter.with", language, first=words[0], second=words[1]),
                words[0] if loading else _say("covariance", language),
                number(row["estimate"], language),
                _say("fixed", language) if fixed else between(row["low"], row["high"], language, 2),
                number(row["standardized"], language),
                number(row["r_squared"], language),
            )
        )
    keys = ("item", "factor", "estimate", "interval", "standardized", "r_squared")
    return Table(
        id=f"measurement-loadings-{each.declared.code}",
        caption=say("measurement.chapter.loadings", language, title=each.declared.title),
        header=tuple(_say(f"column.{key}", language) for key in keys),
        rows=tuple(rows),
        data=frame,
        notes=(say("measurement.chapter.loadings note", language, estimator=each.declared.estimator,
                   n=each.model.n if each.model else 0, lost=each.model.lost if each.model else 0,
                   level=found.specification.level),),
        widths=(3.2, 2, 1, 1.6, 1.4, 1),
        align="llrrrr",
    )  # fmt: skip


def _levels(each: Measured, language: str) -> Table:
    if each.invariance is None:
        raise AssertionError
    frame = each.invariance.frame()
    rows = []
    for row in frame.to_dict("records"):
        gap = pd.isna(row["difference"])
        rows.append(
            (
                say(f"confirmatory.invariance.level.{row['level']}", language),
                number(row["chi_square"], language), _count(row["df"], language), number(row["cfi"], language, 3),
                number(row["rmsea"], language, 3),
                "–" if gap else f"{number(row['difference'], language)} ({_count(row['difference_df'], language)})",
                p_cell(row["difference_p"], language), number(row["difference_cfi"], language, 3),
                number(row["difference_rmsea"], language, 3),
            )
        )  # fmt: skip
    keys = ("level", "chi", "df", "cfi", "rmsea_alone", "difference", "p", "difference_cfi", "difference_rmsea")
    return Table(
        id=f"measurement-levels-{each.declared.code}",
        caption=say("measurement.chapter.levels", language, title=each.declared.title),
        header=tuple(_say(f"column.{key}", language) for key in keys),
        rows=tuple(rows),
        data=frame,
        notes=(_say("levels note", language),),
        widths=(2.6, 1, 0.7, 1, 1.1, 1.5, 1, 1, 1.2),
        align="lrrrrrrrr",
    )


def _marker(found: MarkerCheck, language: str) -> Table:
    frame = found.frame()
    rows = tuple(
        (
            row["model"], number(row["chi_square"], language), _count(row["df"], language), row["against"] or "–",
            number(row["difference"], language), _count(row["difference_df"], language), p_cell(row["difference_p"], language),
        )
        for row in frame.to_dict("records")
    )  # fmt: skip
    keys = ("model", "chi", "df", "against", "difference_alone", "df", "p")
    return Table(
        id="measurement-marker",
        caption=_say("marker table", language),
        header=tuple(_say(f"column.{key}", language) for key in keys),
        rows=rows,
        data=frame,
        align="lrrlrrr",
    )
