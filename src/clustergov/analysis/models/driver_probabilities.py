"""What stands beside the odds ratios of the declared drivers: changes in probability, and whether odds are proportional."""

from __future__ import annotations

import pandas as pd

from clustergov.analysis.models.drivers import ALPHA, Drivers
from clustergov.analysis.models.ordinal import SPARSE, OrdinalFit
from clustergov.analysis.multiplicity import holm
from clustergov.language import say


def effects(found: Drivers) -> pd.DataFrame:
    """Average marginal effects on the probability of the highest answer, in percentage points.

    Columns model, outcome, term, category, estimate, low, high, n; empty where they were not asked for.
    """
    level = found.specification.level
    rows = [
        {
            "model": result.model.code, "outcome": outcome.outcome, "term": effect.term, "category": effect.category,
            "estimate": 100 * effect.estimate, "low": 100 * effect.interval(level).low,
            "high": 100 * effect.interval(level).high, "n": outcome.effects.n,
        }
        for result in found.models for outcome in result.outcomes if outcome.effects is not None
        for effect in outcome.effects.highest()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["model", "outcome", "term", "category", "estimate", "low", "high", "n"])


def odds(found: Drivers) -> pd.DataFrame:
    """Score tests of proportional odds: columns model, outcome, term ("" for all together), chi2, df, p, sparse.

    sparse: a category has fewer than five answers, where the test finds departures too often.
    """
    columns = ["model", "outcome", "term", "chi2", "df", "p", "sparse"]
    tables = [
        outcome.odds.frame().assign(
            model=result.model.code, outcome=outcome.outcome,
            sparse=isinstance(outcome.fit, OrdinalFit) and min(outcome.fit.counts) < SPARSE,
        )
        for result in found.models for outcome in result.outcomes if outcome.odds is not None
    ]  # fmt: skip
    return pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)


def proportionality(found: Drivers, model: str, language: str) -> tuple[str, ...]:
    """For which outcomes one odds ratio does not do for all thresholds, by score tests with Holm's correction."""
    tests = odds(found)
    tests = tests[tests["model"] == model]
    whole = tests[tests["term"] == ""].reset_index(drop=True)
    if whole.empty:
        return ()
    n = next(result.n for result in found.models if result.model.code == model)
    adjusted = holm(whole["p"])
    sentences = []
    for row in whole[adjusted < ALPHA].to_dict("records"):
        singles = tests[(tests["outcome"] == row["outcome"]) & (tests["term"] != "")]
        most = found.label(singles.loc[singles["p"].idxmin(), "term"]) if len(singles) else ""
        told = say("drivers.odds.departs", language, outcome=found.label(row["outcome"]), chi2=row["chi2"], df=row["df"],
                   n=n, term=most)  # fmt: skip
        sentences.append(told + (" " + say("drivers.odds.sparse", language, least=SPARSE) if row["sparse"] else ""))
    kept = adjusted[adjusted >= ALPHA]
    if len(kept):
        sentences.append(say("drivers.odds.all", language, outcomes=len(kept), least=float(kept.min()), n=n))
    return tuple(sentences)
