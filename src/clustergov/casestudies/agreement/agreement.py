"""How far the coders of a study agree: what they see in units, per code and round, and where they see it in documents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clustergov.casestudies.agreement.code_agreement import CodeAgreement
from clustergov.casestudies.agreement.coded import Kind
from clustergov.casestudies.agreement.coefficient import Coefficient
from clustergov.casestudies.agreement.where import Where
from clustergov.language import say


@dataclass(frozen=True, slots=True)
class DocumentAgreement:
    """One document, or the statements of a case: all codes together.

    `differing` counts units in which coders who read them have different sets of codes.
    """

    case: str
    document: str
    kind: Kind
    round: int
    units: int
    coders: tuple[str, ...]
    differing: int
    sets: Coefficient


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement among the coders of a study.

    Attributes
    ----------
    coders : tuple of str
        Everybody who coded alone, in any round.
    rounds : tuple of int
        In which anybody coded.
    round : int
        The last one in which two coders read the same; 0 when there is none.
    codes : tuple of CodeAgreement
        Of that round, all cases together; per kind of unit in the order of the codebook.
    parts : tuple of CodeAgreement
        Per round, and per case of `round`: alpha only.
    documents : tuple of DocumentAgreement
        Of `round`.
    sets : tuple of (Kind, Coefficient)
        Alpha over sets of codes (MASI), per kind.
    where : tuple of Where
        Per document of the researcher's own and per code in it, in `round`.
    rare : int
        Units from which coefficients are given.
    level, width, assumed_alpha : float
        Declared.
    reason : str
        Empty, ``no-codings``, ``one-coder`` or ``no-common-units``.
    """

    coders: tuple[str, ...]
    rounds: tuple[int, ...]
    round: int
    codes: tuple[CodeAgreement, ...]
    parts: tuple[CodeAgreement, ...]
    documents: tuple[DocumentAgreement, ...]
    sets: tuple[tuple[Kind, Coefficient], ...]
    where: tuple[Where, ...]
    rare: int
    level: float
    width: float
    assumed_alpha: float
    reason: str = ""

    def of_kind(self, kind: Kind) -> tuple[CodeAgreement, ...]:
        return tuple(found for found in self.codes if found.kind == kind)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        return tuple(kind for kind, _ in self.sets)

    def sentence(self, language: str) -> str:
        """How many coefficients there are, between which values, and what could not be told."""
        if self.reason:
            return say(f"agreement.none.{self.reason}", language, coders=", ".join(self.coders))
        return " ".join(self._of_kind(kind, language) for kind in self.kinds)

    def _of_kind(self, kind: Kind, language: str) -> str:
        codes = self.of_kind(kind)
        told = sorted((found for found in codes if found.alpha.value is not None), key=lambda f: f.alpha.value or 0.0)
        counts = {
            "units": max(found.units for found in codes), "coders": len(self.coders_of(kind)), "codes": len(codes),
            "told": len(told), "rare": self.rare, "round": self.round, "what": say(f"agreement.kind.{kind}", language),
        }  # fmt: skip
        if not told:
            return say("agreement.summary_none", language, **counts)
        low, high = told[0], told[-1]
        middle = float(np.median([found.alpha.value for found in told if found.alpha.value is not None]))
        return say(
            "agreement.summary", language, low=low.alpha.value, lowest=low.name, high=high.alpha.value,
            highest=high.name, middle=middle, disagree=sum(found.differ for found in codes), **counts,
        )  # fmt: skip

    def coders_of(self, kind: Kind) -> tuple[str, ...]:
        return self.of_kind(kind)[0].coders

    def frame(self) -> pd.DataFrame:
        """One row per code, kind, round, case and coefficient, in full precision."""
        return pd.DataFrame([row for found in (*self.codes, *self.parts) for row in found.rows()])

    def where_frame(self) -> pd.DataFrame:
        """One row per document and code: where."""
        return pd.DataFrame([where_row(found) for found in self.where])


def where_row(found: Where) -> dict[str, object]:
    """One document and code as a row of a table."""
    over = found.overlap
    return {
        "case": found.case, "document": found.document, "code": found.code, "coders": len(found.coders),
        "segments": " ".join(map(str, found.segments)), "length": over.length,
        "marked": " ".join(map(str, over.marked)), "either": over.either, "both": over.both, "jaccard": over.jaccard,
        "dice": over.dice, "agreement_all_text": over.agreement, "kappa_all_text": over.kappa,
        "kappa_coded_text": over.kappa_coded, "u_alpha": found.alpha, "low": found.low, "high": found.high,
        "blocks": found.blocks, "alpha_u_1995": found.alpha_1995, "cu_alpha": found.cu, "covered": found.covered,
        "reason": found.reason,
    }  # fmt: skip
