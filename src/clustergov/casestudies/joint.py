"""Which concepts speak to which driver of the claims, and why: what a joint display of survey and cases needs."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from pydantic import Field

from clustergov.casestudies.codebook import Codebook, duplicates, missing_languages
from clustergov.language import Text
from clustergov.problems import InputError, Problem
from clustergov.yaml_file import Entry, Positions
from clustergov.yaml_file import read as read_yaml


class Driver(Entry):
    """One driver.

    Attributes
    ----------
    claims : tuple of int
        Numbers of the claims in which it appears.
    concepts : tuple of str
        That speak to it; empty when none does, and the reason says so.
    predictors : tuple of str
        That measure it in the models of performance, by their codes in the declaration of drivers; empty when none does.
    reason : Text
        Why these, or why none.
    """

    driver: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    name: Text
    claims: tuple[int, ...]
    concepts: tuple[str, ...]
    predictors: tuple[str, ...] = ()
    reason: Text


class Joint(Entry):
    """The drivers, in the order in which they are shown."""

    drivers: tuple[Driver, ...]

    @cached_property
    def claims(self) -> tuple[int, ...]:
        return tuple(sorted({claim for driver in self.drivers for claim in driver.claims}))

    def of_claim(self, claim: int) -> tuple[Driver, ...]:
        """The drivers that a claim is about."""
        return tuple(driver for driver in self.drivers if claim in driver.claims)


def read_joint(
    path: Path | str, codebook: Codebook, *, claims: Iterable[int] = (), predictors: Iterable[str] | None = None
) -> Joint:
    """Read ``joint.yml``.

    Parameters
    ----------
    claims : iterable of int
        The claims of the study; each of them must appear. Empty: not checked.
    predictors : iterable of str or None
        Those of the study's models. None: not checked.

    Raises
    ------
    InputError
        With every mistake: an unknown concept, a driver twice, a claim that no driver belongs to, a missing language.
    """
    joint, positions = read_yaml(path, Joint, wanted="drivers and the concepts that speak to them")
    codes = [(("drivers", index, "driver"), driver.driver) for index, driver in enumerate(joint.drivers)]
    problems = [
        *duplicates(positions, list(codes), "driver"),
        *missing_languages(joint, positions, codebook.languages),
        *_concepts(joint, positions, codebook),
    ]
    known = tuple(claims)
    if known:
        problems += _claims(joint, positions, known)
    if predictors is not None:
        problems += _predictors(joint, positions, tuple(predictors))
    if problems:
        raise InputError(problems)
    return joint


def _concepts(joint: Joint, positions: Positions, codebook: Codebook) -> list[Problem]:
    return [
        positions.problem(
            ("drivers", index, "concepts", number), "unknown-concept",
            f"the concept “{concept}” is not in the codebook.", f"Expected one of: {', '.join(codebook.codes)}.",
        )
        for index, driver in enumerate(joint.drivers)
        for number, concept in enumerate(driver.concepts)
        if concept not in codebook.by_code
    ]  # fmt: skip


def _predictors(joint: Joint, positions: Positions, known: tuple[str, ...]) -> list[Problem]:
    return [
        positions.problem(
            ("drivers", index, "predictors", number), "unknown-predictor",
            f"no predictor “{code}” is declared.", f"Expected one of: {', '.join(known)}.",
        )
        for index, driver in enumerate(joint.drivers)
        for number, code in enumerate(driver.predictors)
        if code not in known
    ]  # fmt: skip


def _claims(joint: Joint, positions: Positions, known: tuple[int, ...]) -> list[Problem]:
    problems = [
        positions.problem(
            ("drivers", index, "claims", number), "unknown-claim", f"there is no claim {claim}.", "Check its number."
        )
        for index, driver in enumerate(joint.drivers)
        for number, claim in enumerate(driver.claims)
        if claim not in known
    ]
    missing = [claim for claim in known if claim not in joint.claims]
    if missing:
        problems.append(
            positions.problem(
                ("drivers",), "claim-without-driver", f"no driver belongs to claim {', '.join(map(str, missing))}.",
                "Name each claim under a driver; where no concept speaks to it, leave its concepts empty and say why.",
            )
        )  # fmt: skip
    return problems
