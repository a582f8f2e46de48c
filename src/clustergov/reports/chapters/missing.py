"""Missing answers: what was imputed and whether it can be believed, and the models with and without it side by side."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from clustergov.analysis.missing.imputed_drivers import ImputedDrivers
from clustergov.language import number, say
from clustergov.reports.document import Block, Figure, Heading, Inline, Notice, Paragraph, Span, Table
from clustergov.reports.figures.alternative import clipped
from clustergov.reports.figures.imputation import (
    chains_alt,
    chains_png,
    drawn_variables,
    plausibility_alt,
    plausibility_png,
)
from clustergov.reports.wording import between, shown


def missing(found: ImputedDrivers, language: str, *, banner: str = "") -> list[Block]:
    """What was done and why, the flow of respondents, both analyses in one table per model, figures of the imputation."""
    blocks: list[Block] = [
        Heading(1, found.specification.title.to(language), "chapter-missing"),
        Paragraph(found.specification.reason.to(language)),
        _flow(found, language),
    ]
    if found.imputed is None or found.convergence is None or found.plausibility is None:
        return [*blocks, Notice("", found.sentence(language), "limit")]
    words = {str(name): clipped(found.label(str(name)).to(language), 60) for name in found.imputed.frame.columns}
    blocks += [
        Paragraph(say("missing.chapter.how", language)),
        Paragraph(found.imputed.sentence(language)),
        Heading(2, say("missing.chapter.beside", language), "missing-beside"),
        Paragraph(found.comparison(language)),
        *(_beside(found, model.code, language) for model in found.complete.specification.models),
        Heading(2, say("missing.chapter.believed", language), "missing-believed"),
        Paragraph(found.believed(language, words)),
    ]
    return [*blocks, *_believed(found, {name: f"{words[name]} ({name})" for name in words}, language, banner)]


def _believed(found: ImputedDrivers, labels: dict[str, str], language: str, banner: str) -> list[Block]:
    """Chains, imputed beside observed answers, and their table, of the variables that may be shown."""
    likely = found.plausible
    if found.imputed is None or found.convergence is None or likely is None or not found.shown:
        return []
    table = found.convergence.table
    chains = replace(found.convergence, table=table[table["variable"].isin(found.shown)])
    return [
        Figure(
            id="missing-chains",
            caption=say("missing.chapter.chains", language),
            alt=chains_alt(chains, labels, language),
            png=chains_png(found.imputed, chains, labels, language, banner),
            notes=(
                say(
                    "missing.chapter.chains_note",
                    language,
                    shown=len(drawn_variables(chains)),
                    all=len(found.imputed.methods),
                ),
            ),
        ),
        Figure(
            id="missing-plausibility",
            caption=say("missing.chapter.plausibility", language),
            alt=plausibility_alt(likely, labels, language),
            png=plausibility_png(found.imputed, likely, labels, language, banner),
            notes=(say("missing.chapter.plausibility_note", language),),
        ),
        _imputed(found, labels, language),
    ]


def _hidden(found: ImputedDrivers, count: float) -> float:
    """A count, missing where it is too small to be shown."""
    least = found.complete.minimum
    return float("nan") if least is not None and 0 < count < least else count


def _count(value: float, language: str) -> str:
    return "–" if pd.isna(value) else number(float(value), language, 0)


def _used(found: ImputedDrivers, model: str) -> list[float]:
    """Respondents in the pooled models, but for numbers from which a few left out could be worked out."""
    started = next(result.started for result in found.complete.models if result.model.code == model)
    counts = [outcome.pooled.n for outcome in found.outcomes if outcome.model == model and outcome.pooled is not None]
    return [count for count in counts if not pd.isna(_hidden(found, started - count))]


def _flow(found: ImputedDrivers, language: str) -> Table:
    records = []
    for result in found.complete.models:
        used = _used(found, result.model.code)
        least, most = (min(used), max(used)) if used else (float("nan"), float("nan"))
        records.append({"model": result.model.code, "started": result.started, "complete": result.n,
                        "imputed_least": least, "imputed_most": most})  # fmt: skip
    data = pd.DataFrame(records)
    rows = tuple(
        (
            found.complete.label(row["model"]).to(language),
            *(_count(row[name], language) for name in ("started", "complete", "imputed_least", "imputed_most")),
        )
        for row in data.to_dict("records")
    )
    keys = ("model", "started", "complete", "least", "most")
    return Table(
        id="missing-flow",
        caption=say("missing.chapter.flow", language),
        header=tuple(say(f"missing.chapter.{key}", language) for key in keys),
        rows=rows,
        data=data,
        notes=(say("missing.chapter.flow_note", language),),
        align="lrrrr",
    )


def _beside(found: ImputedDrivers, model: str, language: str) -> Table:
    frame = found.frame()
    own = frame[frame["model"] == model].copy()
    started = next(result.started for result in found.complete.models if result.model.code == model)
    hidden = own["cases"].eq("imputed") & own["n"].map(lambda count: pd.isna(_hidden(found, started - count)))
    own["n"] = own["n"].astype("Float64").mask(hidden)
    rows: list[tuple[Inline, ...]] = []
    for outcome, part in own.groupby("outcome", sort=False):
        rows.append(_head(found, str(outcome), part, language))
        rows += [_pair(found, str(term), pair, language) for term, pair in part.groupby("term", sort=False)]
    kind = next(each.kind for each in found.complete.specification.models if each.code == model)
    keys = ("term", f"complete_{kind}", f"imputed_{kind}", "fmi")
    return Table(
        id=f"missing-{model}",
        caption=say("missing.chapter.table", language, title=found.complete.label(model)),
        header=tuple(say(f"missing.chapter.{key}", language) for key in keys),
        rows=tuple(rows),
        data=own,
        notes=(
            say("missing.chapter.table_note", language, level=found.complete.specification.level),
            *((say("missing.chapter.errors", language),) if kind == "linear" else ()),
            *_failures(found, model, language),
        ),
        widths=(4.2, 2.6, 2.6, 1.2),
        align="lrrr",
    )


def _head(found: ImputedDrivers, outcome: str, part: pd.DataFrame, language: str) -> tuple[Inline, ...]:
    """The row above an outcome's predictors: its name, and the respondents of both analyses."""
    name = (Span(found.complete.label(outcome).to(language), strong=True),)
    counts = part.groupby("cases")["n"].first()
    told = [f"n = {_count(counts.get(cases, float('nan')), language)}" for cases in ("complete", "imputed")]
    return (name, *told, "")


def _pair(found: ImputedDrivers, term: str, pair: pd.DataFrame, language: str) -> tuple[Inline, ...]:
    cells = {row["cases"]: row for row in pair.to_dict("records")}
    told = [found.complete.label(term).to(language)]
    for cases in ("complete", "imputed"):
        row = cells.get(cases)
        if row is None or pd.isna(row["estimate"]):
            told.append("–")
            continue
        ends = between(row["low"], row["high"], language, 2)
        told.append(f"{shown(row['estimate'], language, 2)} ({ends})")
    share = cells["imputed"]["fmi"] if "imputed" in cells else float("nan")
    return (*told, "–" if pd.isna(share) else f"{number(100 * share, language, 0)}%")


def _failures(found: ImputedDrivers, model: str, language: str) -> tuple[str, ...]:
    return tuple(
        say("drivers.failed", language, outcome=found.complete.label(outcome.outcome), reason=outcome.failure)
        for outcome in found.outcomes
        if outcome.model == model and outcome.failure is not None
    )


def _imputed(found: ImputedDrivers, labels: dict[str, str], language: str) -> Table:
    likely = found.plausible
    if found.imputed is None or likely is None:  # the chapter ends before
        raise AssertionError
    blank = found.imputed.counts().set_index("variable")["blank"]
    data = likely.table.assign(blank=[int(blank[name]) for name in likely.table["variable"]])
    n = len(found.imputed.frame)
    for name in ("imputed", "blank"):
        data[name] = [_hidden(found, count) for count in data[name]]
    # What is observed would give away what is hidden beside it.
    data["observed"] = data["observed"].where(data[["imputed", "blank"]].notna().all(axis=1))
    rows = tuple(
        (
            labels[row["variable"]],
            *(_count(row[name], language) for name in ("observed", "imputed", "blank")),
            *(
                f"{shown(row[f'{which}_mean'], language, 2)} ({shown(row[f'{which}_sd'], language, 2)})"
                for which in ("observed", "imputed")
            ),
        )
        for row in data.to_dict("records")
    )
    keys = ("variable", "observed", "filled", "blank", "observed_mean", "imputed_mean")
    return Table(
        id="missing-imputed",
        caption=say("missing.chapter.imputed", language, n=n),
        header=tuple(say(f"missing.chapter.{key}", language) for key in keys),
        rows=rows,
        data=data,
        notes=(say("missing.chapter.imputed_note", language, methods=_methods(found.imputed.methods)),),
        widths=(5.0, 1.4, 1.2, 1.0, 1.8, 1.8),
        align="lrrrrr",
    )


def _methods(methods: dict[str, str]) -> str:
    """Method and its columns: ``logit: member; pmm: the others``, the most frequent last without names."""
    kinds = sorted(set(methods.values()), key=lambda kind: list(methods.values()).count(kind))
    if len(kinds) == 1:
        return kinds[0]
    named = [f"{kind} ({', '.join(name for name in methods if methods[name] == kind)})" for kind in kinds[:-1]]
    return "; ".join([kinds[-1], *named])
