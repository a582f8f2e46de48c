"""Reading ``claims.yml``: every mistake in it at once, with line and column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import BaseModel

from clustergov.analysis.claims.claim import FORMS_OF, NEEDED, Claim, Claims, Part
from clustergov.analysis.claims.registries import clashes, together
from clustergov.analysis.claims.reported import Reported, recheck
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.language import LANGUAGES, Text
from clustergov.problems import InputError, Problem
from clustergov.yaml_file import Place, Positions, read


def read_claims(path: Path | str | Sequence[Path | str], questionnaire: Questionnaire) -> Claims:
    """Read one registry of claims, or several as one, for responses to `questionnaire`.

    Raises
    ------
    InputError
        With every mistake of every file, each with line and column: unknown variables, codes, sources and adjustments,
        missing languages, ids that stand twice, keys that a measure needs or cannot use, figures that are none, a
        published figure without deviations, and what clashes between files.
    """
    paths = [path] if isinstance(path, Path | str) else list(path)
    if not paths:
        raise InputError(Problem("no-registry", "expected at least one file of claims, found none.", "Name one."))
    problems: list[Problem] = []
    found: list[tuple[Claims, Positions]] = []
    for file in paths:
        try:
            claims, positions = read(file, Claims, wanted="the claims of a study")
        except InputError as error:
            problems += error.problems
            continue
        problems += _Check(claims, positions, questionnaire).all()
        found.append((claims, positions))
    problems += clashes(found)
    if problems:
        raise InputError(problems)
    return together([claims for claims, _ in found])


class _Check:
    def __init__(self, claims: Claims, positions: Positions, questionnaire: Questionnaire) -> None:
        self.claims = claims
        self.positions = positions
        self.questionnaire = questionnaire
        self.constructs = {construct.code for construct in questionnaire.constructs}

    def all(self) -> Iterator[Problem]:
        yield from self._languages(self.claims, ())
        yield from self._twice()
        for name, adjustment in self.claims.adjustments.items():
            for index, term in enumerate(adjustment.terms):
                yield from self._numeric(term.variable, ("adjustments", name, "terms", index, "variable"))
        for i, claim in enumerate(self.claims.claims):
            if claim.source not in self.claims.sources:
                yield self._problem(("claims", i, "source"), "unknown-source", f"no source “{claim.source}” is listed.",
                                    "Add it under `sources`, or check its spelling.")  # fmt: skip
            if not any(part.asserted for part in claim.parts):
                yield self._problem(("claims", i, "parts"), "nothing-asserted", "no part is asserted by the source.",
                                    "A claim needs one part that decides it.")  # fmt: skip
            yield from self._deviations(claim, ("claims", i))
            for j, part in enumerate(claim.parts):
                yield from self._part(part, ("claims", i, "parts", j))
        yield from self._named()

    def _named(self) -> Iterator[Problem]:
        """Sources and families that entries are of, without which the entry would say nothing."""
        for key, known in (("samples", self.claims.sources), ("deviations", self.claims.sources)):
            for name in getattr(self.claims, key):
                if name not in known:
                    yield self._problem((key, name), "unknown-source", f"no source “{name}” is listed.",
                                        "Add it under `sources`, or check its spelling.")  # fmt: skip
        families = {claim.family for claim in self.claims.claims}
        for name in self.claims.families:
            if name not in families:
                yield self._problem(("families", name), "unused-family", f"no claim names the family “{name}”.",
                                    "Check its spelling, or remove it.")  # fmt: skip

    def _deviations(self, claim: Claim, place: Place) -> Iterator[Problem]:
        compared = claim.source in self.claims.sources and any(
            part.published and part.not_asked is None for part in claim.parts
        )
        if compared and not claim.deviations and not self.claims.deviations.get(claim.source):
            yield self._problem(place, "missing-deviations",
                                f"claim {claim.id} is compared with a published figure, and nothing says in what its test "
                                "deviates from the original.",
                                "List it under `deviations` of the file (per source) or of the claim.")  # fmt: skip

    def _problem(self, place: Place, rule: str, message: str, fix: str = "") -> Problem:
        return self.positions.problem(place, rule, message, fix)

    def _languages(self, value: object, place: Place) -> Iterator[Problem]:
        if isinstance(value, Text):
            for language in LANGUAGES:
                if language not in value:
                    yield self._problem(
                        place, "missing-language", f"the text lacks the language {language}.", "Add it."
                    )
        elif isinstance(value, BaseModel):
            for name in type(value).model_fields:
                yield from self._languages(getattr(value, name), (*place, name.replace("_", " ")))
        elif isinstance(value, dict):
            for key, child in value.items():
                yield from self._languages(child, (*place, key))
        elif isinstance(value, tuple):
            for index, child in enumerate(value):
                yield from self._languages(child, (*place, index))

    def _twice(self) -> Iterator[Problem]:
        places: list[tuple[str, Place]] = []
        for i, claim in enumerate(self.claims.claims):
            places.append((claim.id, ("claims", i, "id")))
            places += [(part.id, ("claims", i, "parts", j, "id")) for j, part in enumerate(claim.parts)]
        counts = Counter(name for name, _ in places)
        seen: set[str] = set()
        for name, place in places:
            if counts[name] > 1 and name in seen:
                yield self._problem(place, "duplicate-id", f"the id “{name}” stands twice.", "Give it another one.")
            seen.add(name)

    def _reported(self, part: Part, reported: Reported, place: Place) -> Iterator[Problem]:
        try:
            recheck(reported, None)
            figure = reported.printed
        except InputError as error:
            yield from (self._problem(place, problem.rule, problem.message, problem.fix) for problem in error.problems)
            return
        per = 100 if reported.statistic == "percentage" else 1
        ends = (figure.low / per, figure.high / per)
        there = part.published
        if there and there.mark == "P" and not (there.low <= figure.value / per <= there.high):
            yield self._problem((*place, "value"), "figures-differ",
                                f"reported is {reported.value}, but the published figure lies between {there.low:g} and "
                                f"{there.high:g} (it would be {ends[0]:g} to {ends[1]:g}).",
                                "Look it up in the source once more, and correct one of them.")  # fmt: skip

    def _part(self, part: Part, place: Place) -> Iterator[Problem]:
        if part.reported is not None:
            yield from self._reported(part, part.reported, (*place, "reported"))
        if part.not_asked is not None:
            if part.variables:
                yield self._problem((*place, "not asked"), "asked-after-all",
                                    f"the part is called not asked, and names {', '.join(part.variables)}.",
                                    "Remove `not asked`, or the variables.")  # fmt: skip
            return
        if part.form not in FORMS_OF[part.measure]:
            fitting = ", ".join(FORMS_OF[part.measure])
            yield self._problem((*place, "form"), "unfitting-form",
                                f"measure “{part.measure}” goes with {fitting}; found {part.form}.")  # fmt: skip
        if part.form == "no difference" and part.compare == "each" and len(part.higher) * len(part.lower) > 1:
            yield self._problem((*place, "form"), "unfitting-form",
                                "“no difference” of an ordering compares one item with one other, or averages.",
                                "Name one item on each side, or use `compare: average`.")  # fmt: skip
        for key in self._missing(part):
            yield self._problem(place, "missing-key", f"measure “{part.measure}” with form “{part.form}” needs “{key}”.",
                                "Add it.")  # fmt: skip
        if part.adjust and part.adjust not in self.claims.adjustments:
            yield self._problem((*place, "adjust"), "unknown-adjustment",
                                f"no adjustment “{part.adjust}” is declared.", "See `adjustments`.")  # fmt: skip
        if part.minimum_valid > len(part.items):
            yield self._problem((*place, "minimum valid"), "impossible-minimum",
                                f"expected at most the {len(part.items)} items; found {part.minimum_valid}.")  # fmt: skip
        yield from self._variables(part, place)

    def _missing(self, part: Part) -> Iterator[str]:
        yield from (key for key in NEEDED[part.measure] if not getattr(part, key))
        if part.measure == "tau" and not part.outcome and not part.items:
            yield "outcome” or “items"
        if part.form == "threshold" and part.threshold is None:
            yield "threshold"
        if part.form == "value" and part.published is None:
            yield "published"
        if part.measure == "share" and not part.yes and part.above is None:
            yield "yes” or “above"

    def _variables(self, part: Part, place: Place) -> Iterator[Problem]:
        for key in ("items", "higher", "lower"):
            for index, name in enumerate(getattr(part, key)):
                spot = (*place, key, index)
                if part.yes:
                    yield from self._coded(name, part.yes, spot, (*place, "yes"))
                else:
                    yield from self._numeric(name, spot)
        if part.outcome and part.measure == "share" and part.yes:
            yield from self._coded(part.outcome, part.yes, (*place, "outcome"), (*place, "yes"))
        elif part.outcome:
            yield from self._numeric(part.outcome, (*place, "outcome"))
        if part.driver and part.groups:
            for key, codes in (("one", part.groups.one), ("zero", part.groups.zero)):
                yield from self._coded(part.driver, codes, (*place, "driver"), (*place, "groups", key))
        elif part.driver:
            yield from self._numeric(part.driver, (*place, "driver"))

    def _numeric(self, name: str, place: Place) -> Iterator[Problem]:
        """A construct, a number, a tick or an ordered choice."""
        if name in self.constructs:
            return
        variable = self.questionnaire.by_name.get(name)
        if variable is None:
            yield self._unknown(name, place)
            return
        ordered = variable.scale is not None and variable.scale.ordered
        if variable.kind not in ("number", "tick") and not (variable.kind == "choice" and ordered):
            yield self._problem(place, "not-ordered", f"expected a number or an ordered answer; “{name}” is neither.",
                                "Compare two groups of its codes with `groups`, or use another variable.")  # fmt: skip

    def _coded(self, name: str, codes: tuple[str, ...], place: Place, codes_place: Place) -> Iterator[Problem]:
        variable = self.questionnaire.by_name.get(name)
        if variable is None:
            yield self._unknown(name, place)
            return
        if variable.scale is None:
            yield self._problem(place, "no-codes", f"expected a question with answer codes; “{name}” has none.")
            return
        for code in codes:
            if code not in variable.scale.codes:
                yield self._problem(codes_place, "unknown-code", f"“{name}” has no substantive answer “{code}”.",
                                    f"It has {', '.join(variable.scale.codes)}.")  # fmt: skip

    def _unknown(self, name: str, place: Place) -> Problem:
        return self._problem(place, "unknown-variable", f"the questionnaire has no variable or construct “{name}”.",
                             "Check its spelling: question code, underscore, item code.")  # fmt: skip
