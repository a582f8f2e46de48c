"""What ``study.yml`` and the wording of the report may say."""

from __future__ import annotations

import datetime
from typing import Any

from pydantic import Field, field_validator, model_validator

from clustergov.language import Language, Text
from clustergov.yaml_file import Entry


class ResponsesEntry(Entry):
    """Where the answers come from: a simulation or a file, never both.

    `rehearsal` is the simulation that a dry run of a study with real responses draws from.
    """

    simulation: str = ""
    file: str = ""
    rehearsal: str = ""
    not_asked: tuple[str, ...] = ()
    strict: bool = True

    @model_validator(mode="after")
    def _either_or(self) -> ResponsesEntry:
        if bool(self.simulation) == bool(self.file):
            raise ValueError("expected either “simulation” or “file”: synthetic and real answers are never mixed")
        if self.rehearsal and self.simulation:
            raise ValueError("“rehearsal” is for a study whose responses are a file; this one has a “simulation”")
        return self


class DesignEntry(Entry):
    """The finite population that the respondents are part of: a frame that lists it, or its size alone.

    Attributes
    ----------
    frame : str
        The sampling frame's file; respondents are matched to it by pseudonym.
    population : int or None
        N, where there is no frame or the responses are anonymous.
    weights : str
        A file of weights, as `clustergov survey weights` writes it.
    dispositions : str
        A file of what became of those who did not answer.
    partial_from : float or None
        Share of the asked questions from which a response that was not submitted is partial; by default that of
        ``survey/fieldwork.yml``, where the study has one.
    eligibility : float or None
        e, the share of cases of unknown eligibility that are eligible; estimated by default.
    """

    frame: str = ""
    population: int | None = Field(default=None, ge=1)
    weights: str = ""
    dispositions: str = ""
    partial_from: float | None = Field(default=None, ge=0, le=1)
    eligibility: float | None = Field(default=None, ge=0, le=1)

    @model_validator(mode="after")
    def _one_population(self) -> DesignEntry:
        if bool(self.frame) == (self.population is not None):
            raise ValueError("expected either “frame” or “population”: the one counts what the other declares")
        if self.dispositions and not self.frame:
            raise ValueError("“dispositions” need a “frame”: they tell what became of its members")
        return self


class Study(Entry):
    """What ``study.yml`` says. Paths are relative to its folder; `design` and every analysis may be left out.

    `claims` names one registry or several. `missing` says how the answers behind `drivers` are imputed,
    `case_selection` which organisations their model asks to be looked at more closely. `plan` is the lock
    of a plan that was frozen (`clustergov analysis plan freeze`).

    `fieldwork` is the year in which people answered, from which ages of organisations are counted; by default that of
    `date`.
    """

    study: str
    title: Text
    languages: tuple[Language, ...]
    date: str
    seed: int = Field(ge=0)
    fieldwork: int | None = Field(default=None, ge=1900, le=2200)
    questionnaire: str
    responses: ResponsesEntry
    design: DesignEntry | None = None
    claims: tuple[str, ...] = ()
    verdicts: str = ""
    measurement: str = ""
    drivers: str = ""
    missing: str = ""
    sweet_spot: str = ""
    multiverse: str = ""
    case_selection: str = ""
    qca: str = ""
    plan: str = ""
    cases: str = ""
    report: str = ""

    @field_validator("claims", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return ((value,) if value else ()) if isinstance(value, str) else value

    @field_validator("date", mode="before")
    @classmethod
    def _iso_date(cls, value: Any) -> str:
        try:
            return datetime.date.fromisoformat(str(value)).isoformat()
        except ValueError:
            raise ValueError("expected a date such as 2026-11-21") from None

    @model_validator(mode="after")
    def _complete(self) -> Study:
        if not self.languages or len(set(self.languages)) < len(self.languages):
            raise ValueError("expected at least one of the languages nl and en, none twice")
        if bool(self.claims) != bool(self.verdicts):
            raise ValueError("“claims” and “verdicts” need each other: the one has the claims, the other how to decide")
        if self.missing and not self.drivers:
            raise ValueError("“missing” says how the answers behind “drivers” are imputed, and there are no “drivers”")
        if self.case_selection and not self.drivers:
            raise ValueError("“case selection” chooses cases from the model of “drivers”, and there are no “drivers”")
        if self.design is not None and not self.responses.file:
            raise ValueError("“design” needs responses from a file: simulated ones are drawn from a model without end")
        return self


class ReportWording(Entry):
    """What ``reports/report.yml`` says: the words of a report that a person may edit."""

    author: str
    subtitle: Text | None = None
    introduction: tuple[Text, ...] = ()
    limits: tuple[Text, ...] = ()
