"""Outcome rates by AAPOR's definitions: of all who could have answered, who did, who refused, who was never reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from clustergov.instruments.questionnaire import Blank
from clustergov.language import say
from clustergov.problems import InputError, Problem
from clustergov.survey.frame.disposition import DISPOSITIONS, Disposition
from clustergov.survey.frame.frame import SamplingFrame
from clustergov.survey.responses import Responses

Rate = Literal[
    "RR1", "RR2", "RR3", "RR4", "RR5", "RR6", "COOP1", "COOP2", "COOP3", "COOP4", "REF1", "REF2", "REF3", "CON1", "CON2",
    "CON3",
]  # fmt: skip
RATES: tuple[Rate, ...] = get_args(Rate)

Eligibility = Literal["declared", "estimated", "assumed"]
"""declared: by the study. estimated: as among cases whose eligibility is known. assumed: all, for want of any."""

COMPLETE_FROM = 0.8
"""Where the file does not tell who submitted: share of the asked questions answered above which an interview is complete.

One of the examples of Standard Definitions (2023): below 50 % break-off, 50–80 % partial, above 80 % complete.
"""


@dataclass(frozen=True)
class Outcome:
    """What became of everybody in the frame.

    AAPOR: The American Association for Public Opinion Research (2023). Standard Definitions: Final Dispositions of Case
    Codes and Outcome Rates for Surveys, 10th edition.

    Attributes
    ----------
    counts : mapping of Disposition to int
        All eight classes; they add up to the frame.
    eligibility : float
        e, the share of cases of unknown eligibility taken to be eligible; in RR3, RR4, REF2, CON2.
    basis : {"declared", "estimated", "assumed"}
    partial_from : float
        Share of the asked questions from which a response that was not submitted is partial and no break-off.
    linked : bool
        Whether responses were matched to members by pseudonym; without, only their number is known.
    """

    counts: Mapping[Disposition, int]
    eligibility: float
    basis: Eligibility
    partial_from: float = 0.5
    linked: bool = True

    @property
    def rates(self) -> dict[Rate, float]:
        """Every rate in [0, 1]; NaN where its denominator is 0."""
        return {name: _ratio(*parts) for name, parts in self.parts.items()}

    @property
    def parts(self) -> dict[Rate, tuple[float, float]]:
        """Numerator and denominator of every rate (Standard Definitions 2023, section on calculating outcome rates)."""
        I, P, R, NC, O, UH, UO, _ = (float(self.counts.get(code, 0)) for code in DISPOSITIONS)  # noqa: E741  # AAPOR's letters
        e, unknown, known = self.eligibility, UH + UO, I + P + R + NC + O
        contacted = I + P + R + O
        return {
            "RR1": (I, known + unknown), "RR2": (I + P, known + unknown),
            "RR3": (I, known + e * unknown), "RR4": (I + P, known + e * unknown),
            "RR5": (I, known), "RR6": (I + P, known),
            "COOP1": (I, contacted), "COOP2": (I + P, contacted),
            "COOP3": (I, I + P + R), "COOP4": (I + P, I + P + R),
            "REF1": (R, known + unknown), "REF2": (R, known + e * unknown), "REF3": (R, known),
            "CON1": (contacted, known + unknown), "CON2": (contacted, known + e * unknown), "CON3": (contacted, known),
        }  # fmt: skip

    @property
    def n(self) -> int:
        """Members of the frame."""
        return sum(self.counts.values())

    def frame(self) -> pd.DataFrame:
        """One row per disposition and per rate: kind, code, value, numerator, denominator."""
        rows: list[tuple[object, ...]] = [
            ("count", code, float(self.counts.get(code, 0)), np.nan, np.nan) for code in DISPOSITIONS
        ]
        rows.append(("eligibility", "e", self.eligibility, np.nan, np.nan))
        rows += [("rate", name, _ratio(*parts), *parts) for name, parts in self.parts.items()]
        return pd.DataFrame(rows, columns=["kind", "code", "value", "numerator", "denominator"])

    def sentence(self, language: str) -> str:
        rates, counts = self.rates, self.counts
        told = say("frame.outcome.response", language, members=self.n, complete=counts.get("I", 0), partial=counts.get("P", 0),
                   rr1=rates["RR1"], rr2=rates["RR2"], rr4=rates["RR4"])  # fmt: skip
        told += " " + say(f"frame.outcome.eligibility.{self.basis}", language, e=self.eligibility)
        if counts.get("NE"):
            told += " " + say("frame.outcome.ineligible", language, n=counts["NE"])
        return told


def _ratio(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator else float("nan")


def outcome_rates(counts: Mapping[Disposition, int], *, eligibility: float | None = None, partial_from: float = 0.5,
                  linked: bool = True) -> Outcome:  # fmt: skip
    """Rates from counts of dispositions.

    Parameters
    ----------
    eligibility : float, optional
        e in [0, 1]. By default it is estimated from the cases whose eligibility is known, eligible / (eligible + not
        eligible): the proportional allocation of CASRO (1982), On the Definition of Response Rates; Standard Definitions
        asks that its source be told.

    Raises
    ------
    ValueError
        e lies outside [0, 1], or a count is negative.
    """
    if any(count < 0 for count in counts.values()):
        raise ValueError("counts of dispositions are not negative")
    basis: Eligibility = "declared"
    if eligibility is None:
        eligible = sum(counts.get(code, 0) for code in ("I", "P", "R", "NC", "O"))
        known = eligible + counts.get("NE", 0)
        eligibility, basis = (eligible / known, "estimated") if known else (1.0, "assumed")
    if not 0 <= eligibility <= 1:
        raise ValueError("the share of eligible cases lies between 0 and 1")
    whole: dict[Disposition, int] = {code: int(counts.get(code, 0)) for code in DISPOSITIONS}
    return Outcome(whole, eligibility, basis, partial_from, linked)


def interviews(responses: Responses, *, partial_from: float = 0.5) -> pd.Series[str]:
    """Per respondent I, P or R: complete, partial or break-off.

    A question counts as answered when any of its variables is, and as asked unless routing or the version passed it by.
    """
    share = answered_share(responses)
    submitted = share > COMPLETE_FROM if responses.complete is None else responses.complete
    classes = np.where(submitted, "I", np.where((share >= partial_from) & (share > 0), "P", "R"))
    return pd.Series(classes, index=responses.frame.index, dtype="str")


def answered_share(responses: Responses) -> pd.Series[float]:
    """Per respondent the share of the questions put to them that they answered; 0 where none was."""
    questions = pd.Series({variable.name: variable.question.code for variable in responses.questionnaire.variables})
    passed = responses.blanks.isin([Blank.NOT_APPLICABLE.value, Blank.NOT_ASKED.value])
    by = questions[responses.blanks.columns].to_numpy()
    asked = (~passed).T.groupby(by).any().T
    answered = ((responses.blanks == "") & responses.frame.notna()).T.groupby(by).any().T
    return (answered.sum(axis=1) / asked.sum(axis=1).where(lambda n: n > 0)).fillna(0.0)


def outcome(
    responses: Responses,
    frame: SamplingFrame,
    *,
    partial_from: float = 0.5,
    eligibility: float | None = None,
    silence: Literal["UH", "NC"] = "UH",
) -> Outcome:
    """What became of everybody in the frame: from the responses, else from what fieldwork noted, else silence.

    Parameters
    ----------
    silence : {"UH", "NC"}
        What no answer and no note is: UH, nothing is known of the member (AAPOR's code 3.19); NC, non-contact with one
        who is known to be eligible (2.2).

    Raises
    ------
    InputError
        Some ids of the responses are in the frame and others are not; there are more responses than members; or
        responses are matched to members and what else was noted is not.
    """
    noted = frame.dispositions
    found = interviews(responses, partial_from=partial_from)
    linked = refuse_mixed(responses, frame)
    classes = noted.where(noted != "", silence)
    if linked and frame.unlinked:
        raise InputError(
            Problem("not-in-frame", f"responses are known in the frame {frame.file}, and none of the {len(frame.unlinked)} dispositions is.",
                    "Write dispositions by pseudonym, as the responses are.", file=frame.file)
        )  # fmt: skip
    if linked:
        classes.loc[found.index] = found
        counts = classes.value_counts()
    else:
        # Who answered stands among the questionnaires that were opened as well, and counts once.
        opened = {name: code for name, code in frame.unlinked.items() if name not in found.index}
        counts = _unlinked(classes, noted, pd.concat([found, pd.Series(opened, dtype="str")]), frame, silence)
    whole: dict[Disposition, int] = {code: int(counts.get(code, 0)) for code in DISPOSITIONS}
    return outcome_rates(whole, eligibility=eligibility, partial_from=partial_from, linked=linked)


def refuse_mixed(responses: Responses, frame: SamplingFrame) -> bool:
    """Whether the ids of responses are pseudonyms of the frame: all (True) or none (False).

    Raises
    ------
    InputError
        Some are and others are not.
    """
    known = responses.frame.index.isin(frame.members.index)
    if known.all() or not known.any():
        return bool(known.all())
    strange = [str(each) for each in responses.frame.index[~known]]
    told = ", ".join(f"“{each[:20]}”" for each in strange[:5]) + (" …" if len(strange) > 5 else "")
    raise InputError(
        Problem("not-in-frame", f"{len(strange)} of {responses.n} ids of the responses are not in the frame {frame.file}: {told}.",
                "Correct them, or add these members to the frame.", file=responses.origin.file)
    )  # fmt: skip


def _unlinked(
    classes: pd.Series[str], noted: pd.Series[str], found: pd.Series[str], frame: SamplingFrame, silence: str
) -> pd.Series[int]:
    """Anonymous responses take the place of as many silent members: who they are is not known, how many is."""
    silent = int((noted == "").sum())
    if len(found) > silent:
        raise InputError(
            Problem("population", f"{len(found)} responses, but only {silent} members of the frame {frame.file} without a disposition.",
                    "Remove the dispositions of those who answered, or complete the frame.", file=frame.file)
        )  # fmt: skip
    whole = list(DISPOSITIONS)
    counts = classes.value_counts().reindex(whole, fill_value=0) + found.value_counts().reindex(whole, fill_value=0)
    counts[silence] -= len(found)
    return counts
