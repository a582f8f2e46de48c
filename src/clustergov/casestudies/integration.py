"""Judgements on whether survey and cases agree, filled in by a person: why, in which role, when, and on what they rested."""

from __future__ import annotations

import datetime
import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from pydantic import Field, field_validator

from clustergov.casestudies.codebook import missing_languages
from clustergov.casestudies.plain_file import dump, given, remark_of, replace_file
from clustergov.language import Text
from clustergov.problems import InputError, Problem
from clustergov.yaml_file import Entry, Positions
from clustergov.yaml_file import read as read_yaml

Judgement = Literal["confirm", "expand", "discord"]
"""Fetters, M. D., Curry, L. A. & Creswell, J. W. (2013). Achieving integration in mixed methods designs: principles and
practices. Health Services Research 48(6), 2134–2156: confirmation, expansion, discordance."""

State = Literal["not filled", "current", "stale", "without stamp"]
"""stale: what the judgement rested on has changed. without stamp: it does not say on what it rested."""

DIGITS = 16
"""Of a hash that stands in the file."""

EVIDENCE = ("concept", "document", "at", "polarity", "about", "mark", "verbatim", "quotable", "text_nl", "text_en")
"""What of the evidence a judgement rests on; a second coder who sees the same changes nothing."""

_NO_ROLE = re.compile(
    r"\S@\S|\d{4}|\b(?:[Dd]hr|[Mm]evr|[Mm]w|[Mm]rs?|[Mm]s|[Dd]rs?|[Ii]r|[Pp]rof)\b\.?\s|[A-Z]\.\s?[A-Z]"
)

REMARK = """\
# Whether survey and cases agree, per driver and case: confirm, expand or discord. A person judges, and says why, in which
# role and when. `evidence` and `estimate` are fingerprints of what the judgement rested on; when either no longer fits, the
# report says so. Write a judgement with `clustergov casestudies joint judge`, which fills them in.
"""


class IntegrationCell(Entry):
    """One judgement.

    Attributes
    ----------
    by : str
        A role, such as “first researcher”; never a name.
    date : str
        ISO.
    evidence, estimate : str
        Hashes of the coded evidence and of the survey's side as they were; empty when the judgement does not say.
    """

    driver: str
    case: str
    judgement: Judgement
    reason: Text
    by: str = Field(min_length=2)
    date: str
    evidence: str = Field(default="", pattern=r"^([0-9a-f]{16})?$", coerce_numbers_to_str=True)
    estimate: str = Field(default="", pattern=r"^([0-9a-f]{16})?$", coerce_numbers_to_str=True)

    @field_validator("by")
    @classmethod
    def _role(cls, value: str) -> str:
        if _NO_ROLE.search(value):
            raise ValueError(f"expected a role such as “first researcher”, found what may be a name: “{value}”")
        return value

    @field_validator("date", mode="before")
    @classmethod
    def _iso(cls, value: Any) -> str:
        try:
            return datetime.date.fromisoformat(str(value)).isoformat()
        except ValueError:
            raise ValueError("expected a date such as 2026-11-22") from None

    def state(self, evidence: str, estimate: str) -> State:
        """Whether it still rests on what is there now."""
        if not (self.evidence and self.estimate):
            return "without stamp"
        return "current" if (self.evidence, self.estimate) == (evidence, estimate) else "stale"


class IntegrationFile(Entry):
    cells: tuple[IntegrationCell, ...] = ()


@dataclass(frozen=True)
class Integration:
    """Every judgement there is."""

    cells: tuple[IntegrationCell, ...] = ()

    @cached_property
    def _by_place(self) -> dict[tuple[str, str], IntegrationCell]:
        return {(cell.driver, cell.case): cell for cell in self.cells}

    def cell(self, driver: str, case: str) -> IntegrationCell | None:
        """The judgement on a driver in a case; None: nobody gave one."""
        return self._by_place.get((driver, case))

    def written(self, cell: IntegrationCell) -> Integration:
        """With one judgement added, in the place of an earlier one on the same."""
        kept = [each for each in self.cells if (each.driver, each.case) != (cell.driver, cell.case)]
        return Integration(tuple(sorted([*kept, cell], key=lambda each: (each.driver, each.case))))


def read_integration(
    path: Path | str, *, drivers: Sequence[str], cases: Sequence[str], languages: tuple[str, ...] = ()
) -> Integration:
    """Read ``integration.yml``; no file is no judgement.

    Raises
    ------
    InputError
        With every mistake: a driver or case that is not there, a judgement twice, a name in place of a role, a text that
        is missing in one of `languages`.
    """
    path = Path(path)
    if not path.exists():
        return Integration()
    file, positions = read_yaml(path, IntegrationFile, wanted="judgements on survey and cases")
    problems = [*_unknown(file, positions, drivers, cases), *missing_languages(file, positions, languages)]
    if problems:
        raise InputError(problems)
    return Integration(file.cells)


def _unknown(
    file: IntegrationFile, positions: Positions, drivers: Sequence[str], cases: Sequence[str]
) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for index, cell in enumerate(file.cells):
        for key, code, known in (("driver", cell.driver, drivers), ("case", cell.case, cases)):
            if code not in known:
                yield positions.problem(("cells", index, key), f"unknown-{key}", f"there is no {key} “{code}”.",
                                        f"Expected one of: {', '.join(known) or '(none)'}.")  # fmt: skip
        if (cell.driver, cell.case) in seen:
            yield positions.problem(("cells", index), "judgement-twice",
                                    f"there are two judgements on “{cell.driver}” in “{cell.case}”.",
                                    "Keep the later one.")  # fmt: skip
        seen.add((cell.driver, cell.case))


def write_integration(integration: Integration, path: Path | str) -> None:
    """Write every judgement in order of driver and case; remarks at the top of the file stay."""
    path = Path(path)
    remark = (remark_of(path) if path.exists() else "") or REMARK
    replace_file(path, dump({"cells": [given(cell) for cell in integration.cells]}, remark=remark))


def evidence_hash(rows: Iterable[Mapping[Hashable, Any]]) -> str:
    """Fingerprint of coded evidence (rows of `evidence` as records), whoever coded it and in whatever order."""
    lines = {"\x1f".join("" if pd.isna(row[name]) else str(row[name]) for name in EVIDENCE) for row in rows}
    return fingerprint("\x1e".join(sorted(lines)))


def fingerprint(text: str) -> str:
    """The first digits of the SHA-256 of a text."""
    return sha256(text.encode()).hexdigest()[:DIGITS]
