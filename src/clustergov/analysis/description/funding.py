"""How organisations are funded: the mean share of each source, overall and by the organisation's age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from clustergov.analysis.interval import Interval
from clustergov.analysis.sampling.finite_population import population_mean
from clustergov.language import Text, both, say
from clustergov.survey.disclosure import suppress
from clustergov.survey.frame.design import SamplingDesign
from clustergov.survey.responses import Responses

Array = NDArray[np.float64]

AGES = (0, 5, 10)
"""Lower ends of the age classes 0–4, 5–9, 10+ of the 2013 launch slides of the second Greenbook [P]."""
AGE_CLASSES = (*(f"{low}-{high - 1}" for low, high in pairwise(AGES)), f"{AGES[-1]}+")
PUBLIC_SOURCES = ("natpub", "regpub", "intpub")
PUBLIC = "public"
ROUNDING = 1.0
"""Points by which the parts may miss their total: people round."""


@dataclass(frozen=True, slots=True)
class SourceShare:
    """Mean share of one source in one group.

    Attributes
    ----------
    source : str
        Item code, or ``public`` for the public sources together.
    share : float
        Mean over organisations of their share, in [0, 1]; NaN when hidden.
    interval : Interval or None
        Student's t, cut at 0 and 1; None when hidden, or when fewer than two organisations differ. With a design, share
        and interval are those of `finite_population`, an age class being a domain.
    """

    source: str
    share: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class FundingGroup:
    """All organisations, or one class of age.

    Attributes
    ----------
    code : str
        ``all``, ``0-4``, ``5-9``, ``10+`` or ``unknown``.
    n : int or None
        Organisations with a complete breakdown; None when hidden.
    shares : tuple of SourceShare
        The sources in questionnaire order, which add up to 1, then ``public``.
    """

    code: str
    label: Text
    n: int | None
    shares: tuple[SourceShare, ...]

    def of(self, source: str) -> SourceShare:
        return next(share for share in self.shares if share.source == source)


@dataclass(frozen=True, slots=True)
class Funding:
    """Funding composition.

    Attributes
    ----------
    sources : tuple of (str, Text)
        Item code and words of each source in order, then ``public``, which is a sum of others and no further part.
    groups : tuple of FundingGroup
        All first, then by age; a group without organisations is left out.
    lost, inconsistent : int
        Respondents without a complete breakdown; with one that misses its total by more than a point.
    reference_year : int
        Age is this year less the year of start.
    """

    question: str
    sources: tuple[tuple[str, Text], ...]
    groups: tuple[FundingGroup, ...]
    lost: int
    inconsistent: int
    reference_year: int
    level: float
    minimum: int | None
    synthetic: bool

    def frame(self) -> pd.DataFrame:
        """One row per group and source: group, source, mean, low, high (in [0, 1]), n."""
        rows = [
            (group.code, part.source, part.share, *_ends(part.interval), group.n)
            for group in self.groups
            for part in group.shares
        ]
        return pd.DataFrame(rows, columns=["group", "source", "mean", "low", "high", "n"]).astype({"n": "Int64"})

    def sentence(self, language: str) -> str:
        whole, *ages = self.groups
        public = whole.of(PUBLIC)
        if whole.n is None or public.interval is None:
            return say("funding.none", language)
        low, high = _ends(public.interval)
        sentences = [say("funding.mean", language, share=public.share, low=low, high=high, level=self.level, n=whole.n)]
        shown = [group for group in ages if group.n is not None]
        if shown:
            parts = "; ".join(
                say("funding.group", language, group=group.label, share=group.of(PUBLIC).share, n=group.n)
                for group in shown
            )
            sentences.append(say("funding.groups", language, year=str(self.reference_year), parts=parts))
        if hidden := [group.label.to(language) for group in ages if group.n is None]:
            sentences.append(say("funding.hidden", language, minimum=self.minimum, groups=", ".join(hidden)))
        sentences.append(say("funding.lost", language, lost=self.lost, inconsistent=self.inconsistent))
        return " ".join(sentences)


def _ends(interval: Interval | None) -> tuple[float, float]:
    return (np.nan, np.nan) if interval is None else (interval.low, interval.high)


def funding_composition(
    responses: Responses,
    *,
    reference_year: int,
    question: str = "funding",
    public: Sequence[str] = PUBLIC_SOURCES,
    year: str = "year",
    level: float = 0.95,
    minimum: int | None = None,
) -> Funding:
    """Mean share of each source over the respondents whose breakdown is complete and adds up.

    Parameters
    ----------
    reference_year : int
        The year in which age is counted; never the clock's.
    question : str
        A `numbers` question with a total.
    public : sequence of str
        Codes of the items that are public money.
    year : str
        The variable that holds the year of start.
    minimum : int or None
        Groups of fewer are hidden, and others from which they could be worked out.

    Raises
    ------
    ValueError
        The questionnaire has no such question, or it has no total.
    """
    variables = [variable for variable in responses.questionnaire.of(question) if variable.item is not None]
    total = variables[0].question.total if variables else None
    if total is None:
        raise ValueError(f"the questionnaire has no question “{question}” whose numbers add up to a total")
    codes = [variable.item.code for variable in variables if variable.item is not None]
    parts = pd.concat({variable.name: responses.values(variable.name) for variable in variables}, axis=1)
    complete = parts.notna().all(axis=1)
    adds_up = (parts.sum(axis=1) - total).abs() <= ROUNDING
    used = parts[complete & adds_up]
    # Divided by its own sum, so that every organisation's shares make one whole in spite of rounding.
    shares = used.div(used.sum(axis=1), axis=0).set_axis(codes, axis=1)
    shares[PUBLIC] = shares[[code for code in codes if code in public]].sum(axis=1)
    ages = _ages(responses, year, reference_year)[used.index]
    return Funding(
        question, (*((v.item.code, v.item.text) for v in variables if v.item is not None), (PUBLIC, both("funding.public"))),
        _groups(shares, ages, level, minimum, responses.design), int((~complete).sum()), int((complete & ~adds_up).sum()),
        reference_year, level, minimum, responses.synthetic,
    )  # fmt: skip


def _ages(responses: Responses, year: str, reference_year: int) -> pd.Series[str]:
    if year not in responses.questionnaire.by_name:
        return pd.Series("unknown", index=responses.frame.index)
    age = reference_year - responses.values(year)
    classes = pd.cut(age, [*AGES, np.inf], right=False, labels=list(AGE_CLASSES))
    return classes.astype("str").where(classes.notna(), "unknown")


def _groups(
    shares: pd.DataFrame, ages: pd.Series[str], level: float, minimum: int | None, design: SamplingDesign | None
) -> tuple[FundingGroup, ...]:
    names = [*AGE_CLASSES, "unknown"]
    counts = ages.value_counts().reindex(names, fill_value=0)
    # A hidden group's means would follow from those of all others and of the whole: they are hidden with its count.
    shown = counts.astype(float) if minimum is None else suppress(counts, minimum)
    whole_shown = minimum is None or len(shares) >= minimum or not len(shares)
    everybody = pd.Series(True, index=shares.index)
    groups = [_group("all", both("funding.all"), shares, everybody, level, whole_shown, design)]
    for name in names:
        if counts[name]:
            visible = whole_shown and bool(np.isfinite(shown[name]))
            groups.append(_group(name, _age_label(name), shares, ages == name, level, visible, design))
    return tuple(groups)


def _age_label(name: str) -> Text:
    if name == "unknown":
        return both("funding.age unknown")
    if name.endswith("+"):
        return both("funding.age from", low=int(name[:-1]))
    low, high = name.split("-")
    return both("funding.age between", low=int(low), high=int(high))


def _group(
    code: str, label: Text, shares: pd.DataFrame, inside: pd.Series[bool], level: float, shown: bool,
    design: SamplingDesign | None,
) -> FundingGroup:  # fmt: skip
    if not shown:
        hidden = tuple(SourceShare(str(source), np.nan, None) for source in shares)
        return FundingGroup(code, label, None, hidden)
    if design is None:
        own = shares[inside]
        parts = tuple(_mean(str(source), own[source].to_numpy(dtype=float), level) for source in shares)
    else:
        parts = tuple(_population_mean(str(source), shares[source], inside, level, design) for source in shares)
    return FundingGroup(code, label, int(inside.sum()), parts)


def _population_mean(
    source: str, values: pd.Series[float], inside: pd.Series[bool], level: float, design: SamplingDesign
) -> SourceShare:
    own = values[inside]
    if not len(own):
        return SourceShare(source, np.nan, None)
    found = population_mean(values, design, domain=inside)
    if len(own) < 2 or not np.ptp(own.to_numpy(dtype=float)):
        return SourceShare(source, found.mean, None)
    interval = found.interval(level)
    return SourceShare(source, found.mean, Interval(max(interval.low, 0.0), min(interval.high, 1.0), level))


def _mean(source: str, values: Array, level: float) -> SourceShare:
    n = len(values)
    if n < 2 or not np.ptp(values):
        return SourceShare(source, float(values.mean()) if n else np.nan, None)
    mean = float(values.mean())
    reach = float(stdtrit(n - 1, 0.5 + level / 2) * values.std(ddof=1) / np.sqrt(n))
    return SourceShare(source, mean, Interval(max(mean - reach, 0.0), min(mean + reach, 1.0), level))
