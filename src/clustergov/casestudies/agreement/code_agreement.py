"""One code among many units: how often each coder saw it, and how far they agree that it is there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clustergov.casestudies.agreement.coded import CodedUnits, Kind
from clustergov.casestudies.agreement.coefficient import Coefficient
from clustergov.casestudies.agreement.declaration import AgreementDeclaration
from clustergov.casestudies.agreement.measure import Settings, measure
from clustergov.casestudies.agreement.planner import Assumed, plan
from clustergov.casestudies.agreement.ratings import Ratings
from clustergov.casestudies.codebook import Codebook
from clustergov.language import Text


@dataclass(frozen=True, slots=True)
class PolarityAgreement:
    """Units in which at least two coders saw a code and judged what it does there."""

    judged: int
    same: int


@dataclass(frozen=True, slots=True)
class CodeAgreement:
    """One code among the units of one kind.

    Attributes
    ----------
    code : str
    name : Text
    kind : {"unit", "sentence"}
        Statements and paragraphs, or sentences of documents.
    round : int
    case : str
        Empty: all cases.
    units : int
        Read by at least two coders.
    coders : tuple of str
    seen : tuple of int
        Units among them in which each coder saw the code.
    everybody, somebody : int
        Units in which all coders who read it saw the code, and in which at least one did.
    prevalence : float
        Mean over units of the share of coders who saw it.
    coefficients : tuple of Coefficient
        alpha, kappa (Cohen's, or Conger's for more than two coders), AC1 and percent agreement; without value for a
        rare code.
    polarity : PolarityAgreement
    needed : int or None
        Units to be read by all coders for the declared width, at this prevalence and the declared alpha; None where
        nobody or everybody saw the code.
    """

    code: str
    name: Text
    kind: Kind
    round: int
    case: str
    units: int
    coders: tuple[str, ...]
    seen: tuple[int, ...]
    everybody: int
    somebody: int
    prevalence: float
    coefficients: tuple[Coefficient, ...]
    polarity: PolarityAgreement
    needed: int | None

    @property
    def alpha(self) -> Coefficient:
        return self.coefficients[0]

    @property
    def differ(self) -> int:
        """Units in which some coders saw the code and others did not."""
        return self.somebody - self.everybody

    def rows(self) -> list[dict[str, object]]:
        """One row per coefficient."""
        shared: dict[str, object] = {
            "code": self.code, "kind": self.kind, "round": self.round, "case": self.case, "units": self.units,
            "coders": len(self.coders), "seen": " ".join(map(str, self.seen)), "everybody": self.everybody,
            "somebody": self.somebody, "prevalence": self.prevalence, "polarity_judged": self.polarity.judged,
            "polarity_same": self.polarity.same, "needed": self.needed,
        }  # fmt: skip
        told = ("value", "se", "low", "high", "level", "distribution", "df", "observed", "expected", "reason")
        return [
            shared | {"coefficient": each.name} | {name: getattr(each, name) for name in told}
            for each in self.coefficients
        ]


def code_agreements(
    codebook: Codebook, declared: AgreementDeclaration, units: CodedUnits, kind: Kind, round_: int, case: str = "",
    *, names: tuple[str, ...] = (),
) -> list[CodeAgreement]:  # fmt: skip
    """Every code that can be given, in the order of the codebook; those that nobody saw are counted as well."""
    coders = reading(units)
    units = columns(units, coders)
    wanted = names or ("alpha", "cohen" if len(coders) == 2 else "conger", "ac", "percent")
    return [
        _code(declared, units, concept.code, concept.name, kind, round_, case, wanted)
        for concept in codebook.concepts
        if concept.codable or units.present[:, :, units.codes.index(concept.code)].any()
    ]


def reading(units: CodedUnits) -> tuple[str, ...]:
    """Coders who read any of the units."""
    return tuple(coder for column, coder in enumerate(units.coders) if units.read[:, column].any())


def columns(units: CodedUnits, coders: tuple[str, ...]) -> CodedUnits:
    places = [units.coders.index(coder) for coder in coders]
    return CodedUnits(
        units.units, coders, units.codes, units.read[:, places], units.present[:, places], units.polarity[:, places]
    )


def _code(
    declared: AgreementDeclaration, units: CodedUnits, code: str, name: Text, kind: Kind, round_: int, case: str,
    wanted: tuple[str, ...],
) -> CodeAgreement:  # fmt: skip
    ratings = units.ratings(code)
    twice = ratings.rated >= 2
    seen = np.where(ratings.codes[twice] == 1, 1, 0)
    count, rated = seen.sum(axis=1), ratings.rated[twice]
    somebody, everybody = int((count > 0).sum()), int((count == rated).sum())
    prevalence = float((count / rated).mean()) if len(rated) else 0.0
    rare = min(somebody, len(rated) - everybody) < declared.rare
    settings = Settings(level=declared.level, draws=declared.draws, seed=declared.seed)
    return CodeAgreement(
        code, name, kind, round_, case, len(rated), units.coders, tuple(int(n) for n in seen.sum(axis=0)), everybody,
        somebody, prevalence,
        tuple(rare_code(each, ratings, declared.level) if rare
              else measure(ratings, each, settings=settings) for each in wanted),
        _polarity(units, code),
        _needed(declared, prevalence, len(units.coders)) if not case else None,
    )  # fmt: skip


def rare_code(name: str, ratings: Ratings, level: float) -> Coefficient:
    """A coefficient that is not given, because the code was seen too seldom."""
    weights = "nominal" if name == "alpha" else "identity"
    units, twice = int((ratings.rated > 0).sum()), int((ratings.rated >= 2).sum())
    return Coefficient(
        name, weights, None, level=level, units=units, pairable=twice, coders=len(ratings.coders), reason="rare"
    )


def _polarity(units: CodedUnits, code: str) -> PolarityAgreement:
    judged = units.polarities(code)
    rows = [row[row >= 0] for row in judged.codes[judged.rated >= 2]]
    return PolarityAgreement(len(rows), sum(len(set(row.tolist())) == 1 for row in rows))


def _needed(declared: AgreementDeclaration, prevalence: float, coders: int) -> int | None:
    if not 0 < prevalence < 1:
        return None
    return plan(Assumed(prevalence, declared.assumed_alpha, coders, declared.width, declared.level)).passages
