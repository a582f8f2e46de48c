"""Published figures that a declared model says it meets: checked, and told as targets of its truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.problems import Problem
from clustergov.survey.synthetic.declaration import Declaration, TargetEntry
from clustergov.survey.synthetic.marginals import Marginal
from clustergov.survey.synthetic.planted import opened
from clustergov.survey.synthetic.sketch_declaration import SketchDeclaration
from clustergov.survey.synthetic.truth import Target
from clustergov.yaml_file import Place, Positions

EXACT = 1e-9
"""A share that the source gives exactly is met up to rounding of decimals."""


def unmet(
    declared: Declaration | SketchDeclaration,
    questionnaire: Questionnaire,
    marginals: Mapping[str, Marginal],
    positions: Positions,
) -> Iterator[Problem]:
    """Every target that makes no sense, or that the distributions do not meet."""
    for place, entry in enumerate(declared.targets):
        at: Place = ("targets", place)
        wanted = sum(value is not None for value in (entry.share, entry.share_above, entry.share_below))
        kinds = [bool(entry.variable), bool(entry.highest), bool(entry.lowest)]
        if sum(kinds) != 1 or wanted != int(bool(entry.variable)) or (entry.variable and _cuts(entry) != 1):
            yield positions.problem(at, "target", "expected a variable with codes or a cut and one share, or a highest "
                                    "or lowest among others.", "Give one of these.")  # fmt: skip
            continue
        names, unknown = opened((entry.variable or entry.highest or entry.lowest, *entry.among), questionnaire)
        missing = [*unknown, *(name for name in names if name not in marginals)]
        if missing or (not entry.variable and len(names) < 2):
            yield positions.problem(at, "unknown-variable", f"expected variables with a distribution; "
                                    f"found {', '.join(missing) or 'nothing to compare with'}.", "Check the spelling.")  # fmt: skip
        elif fault := _fault(entry, names, marginals):
            yield positions.problem(at, "target-not-met", fault, "Change the distribution, or the target.")


def _cuts(entry: TargetEntry) -> int:
    return int(bool(entry.codes)) + int(entry.above is not None)


def _share(entry: TargetEntry, marginals: Mapping[str, Marginal]) -> float:
    marginal = marginals[entry.variable]
    return marginal.share(entry.codes) if entry.above is None else marginal.share_above(entry.above)


def _fault(entry: TargetEntry, names: tuple[str, ...], marginals: Mapping[str, Marginal]) -> str:
    if not entry.variable:
        means = {name: marginals[name].mean() for name in names}
        own = entry.highest or entry.lowest
        sign = 1 if entry.highest else -1
        rivals = [name for name in names if name != own and sign * means[name] >= sign * means[own]]
        found = ", ".join(f"{name} {means[name]:.2f}" for name in rivals)
        which = "highest" if entry.highest else "lowest"
        return f"{own} ({means[own]:.2f}) should have the {which} mean, but there is {found}." if rivals else ""
    share = _share(entry, marginals)
    if entry.share is not None and abs(share - entry.share) > EXACT:
        return f"{entry.variable}: expected the share {entry.share:g}, the distribution has {share:.6g}."
    if entry.share_above is not None and share <= entry.share_above:
        return f"{entry.variable}: expected a share above {entry.share_above:g}, the distribution has {share:.6g}."
    if entry.share_below is not None and share >= entry.share_below:
        return f"{entry.variable}: expected a share below {entry.share_below:g}, the distribution has {share:.6g}."
    return ""


def targets(
    declared: Declaration | SketchDeclaration, questionnaire: Questionnaire, marginals: Mapping[str, Marginal]
) -> Iterator[Target]:
    """The declared targets as they are planted, with what is published beside them."""
    for entry in declared.targets:
        about = (entry.mark, entry.claim, entry.source, entry.note)
        if entry.variable:
            cut = f"> {entry.above:g}" if entry.above is not None else " ".join(entry.codes)
            yield Target("share", entry.variable, cut, _share(entry, marginals), _published(entry), *about)
            continue
        own = entry.highest or entry.lowest
        others = [name for name in opened(entry.among, questionnaire)[0] if name != own]
        yield Target("highest mean" if entry.highest else "lowest mean", own, " ".join(others), marginals[own].mean(),
                     "highest" if entry.highest else "lowest", *about)  # fmt: skip


def _published(entry: TargetEntry) -> str:
    if entry.share is not None:
        return f"{entry.share:g}"
    return f"> {entry.share_above:g}" if entry.share_above is not None else f"< {entry.share_below:g}"
