"""Every coefficient of a table of one's own: all codes together, per code, and where."""

from __future__ import annotations

from dataclasses import dataclass, fields

import pandas as pd

from clustergov.casestudies.agreement.agreement import where_row
from clustergov.casestudies.agreement.code_agreement import rare_code
from clustergov.casestudies.agreement.coefficient import Coefficient
from clustergov.casestudies.agreement.measure import Settings, measure
from clustergov.casestudies.agreement.ratings import Ratings
from clustergov.casestudies.agreement.sets import set_alpha
from clustergov.casestudies.agreement.tables import CodedTable
from clustergov.casestudies.agreement.where import Where, where
from clustergov.problems import InputError, Problem


@dataclass(frozen=True, slots=True)
class CodeInTable:
    """One code as absent or present: units read twice, units in which each coder saw it, and the coefficients."""

    code: str
    units: int
    seen: tuple[int, ...]
    prevalence: float
    coefficients: tuple[Coefficient, ...]


@dataclass(frozen=True, slots=True)
class TableAgreement:
    """Agreement of a table of codings.

    Attributes
    ----------
    overall : tuple of Coefficient
        One value per unit: all coefficients that fit the number of coders. Several codes per unit: alpha over sets.
    codes : tuple of CodeInTable
    where : tuple of Where
        For a table of stretches.
    """

    overall: tuple[Coefficient, ...]
    codes: tuple[CodeInTable, ...]
    where: tuple[Where, ...]

    def frame(self) -> pd.DataFrame:
        """One row per code (empty: all) and coefficient."""
        names = [field.name for field in fields(Coefficient)]
        rows = [{"code": "", **{n: getattr(each, n) for n in names}} for each in self.overall]
        rows += [
            {"code": code.code, "prevalence": code.prevalence, **{n: getattr(each, n) for n in names}}
            for code in self.codes
            for each in code.coefficients
        ]
        return pd.DataFrame(rows)

    def where_frame(self) -> pd.DataFrame:
        return pd.DataFrame([where_row(found) for found in self.where])


def table_agreement(
    table: CodedTable,
    *,
    scale: str = "nominal",
    weights: str = "identity",
    rare: int = 5,
    settings: Settings | None = None,
) -> TableAgreement:
    """All coefficients of a table.

    Parameters
    ----------
    scale : {"nominal", "ordinal", "interval", "ratio"}
        Of alpha.
    weights : str
        Of the other coefficients.
    rare : int
        Units that carry a code for somebody, and that do not for somebody, from which it has coefficients.

    Raises
    ------
    InputError
        Names where the scale or the weights ask for numbers, or for an order that nobody told.
    """
    settings = settings or Settings()
    overall: tuple[Coefficient, ...] = ()
    if table.ratings is not None:
        _check_order(table, table.ratings, scale, weights)
        overall = _all(table.ratings, scale, weights, settings)
    elif table.sets:
        overall = (set_alpha(table.sets, table.coders, level=settings.level),)
    codes = tuple(_code(name, found, rare, settings) for name, found in table.by_code.items())
    marked = tuple(
        found
        for text in table.texts
        for found in where(text.length, text.coders, text.segments, document=text.document, level=settings.level)
    )
    return TableAgreement(overall, codes, marked)


def _check_order(table: CodedTable, ratings: Ratings, scale: str, weights: str) -> None:
    """Names have no distance, and in the alphabet an order that means nothing; two of them need none."""
    names = [str(category) for category in ratings.categories if isinstance(category, str)]
    if not names:
        return
    shown = ", ".join(names[:5])
    if scale in ("interval", "ratio"):
        raise InputError(
            Problem("scale-of-names", f"expected numbers for the scale “{scale}”, found {shown}.",
                    "Give numbers, or take the scale nominal or ordinal.", file=table.file)
        )  # fmt: skip
    if len(names) > 2 and not table.ordered and (scale == "ordinal" or weights != "identity"):
        raise InputError(
            Problem("order-unknown", f"expected the order of {shown}: by the alphabet it would mean nothing.",
                    "Tell it with --categories, lowest first, or give numbers.", file=table.file)
        )  # fmt: skip


def _all(ratings: Ratings, scale: str, weights: str, settings: Settings) -> tuple[Coefficient, ...]:
    two = ("cohen", "scott") if len(ratings.coders) == 2 else ("conger", "fleiss")
    named = [("alpha", scale), *((name, weights) for name in (*two, "ac", "brennan-prediger", "percent"))]
    return tuple(measure(ratings, name, weights=each, settings=settings) for name, each in named)


def _code(name: str, ratings: Ratings, rare: int, settings: Settings) -> CodeInTable:
    twice = ratings.codes[ratings.rated >= 2]
    seen = (twice == 1).sum(axis=1)
    rated = ratings.rated[ratings.rated >= 2]
    seldom = min(int((seen > 0).sum()), int((seen < rated).sum())) < rare
    kappa = "cohen" if len(ratings.coders) == 2 else "conger"
    return CodeInTable(
        name, len(twice), tuple(int(n) for n in (twice == 1).sum(axis=0)),
        float((seen / rated).mean()) if len(rated) else 0.0,
        tuple(
            rare_code(each, ratings, settings.level) if seldom else measure(ratings, each, settings=settings)
            for each in ("alpha", kappa, "ac", "percent")
        ),
    )  # fmt: skip
