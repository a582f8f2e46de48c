"""The short report of a dry run, marked as synthetic on every page: power, flow, hidden tables, missing analyses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from clustergov.analysis.planning.rate import Rate
from clustergov.language import number, say
from clustergov.reports.document import Block, Contents, Document, Heading, Notice, Paragraph, Table
from clustergov.reports.wording import per_cent, tagged
from clustergov.study.analyse import LARGE_DRAW, MINIMUM
from clustergov.study.dry_run import ALPHA, LOOKED_AT, DriverPower, DryRun
from clustergov.study.plan import Plan

ENOUGH = 0.8
"""Power that studies are usually planned for (Cohen 1988, Statistical Power Analysis, p. 56): a convention, no law."""
NO_BREAK = "\N{NO-BREAK SPACE}"


def dry_run_document(plan: Plan, found: DryRun, language: str) -> Document:
    """The report in one language."""
    blocks: list[Block] = [
        Contents(),
        *_opening(found, language),
        *_reached(found, language),
        *_claims(plan, found, language),
        *_drivers(plan, found, language),
        *_flow(plan, found, language),
        *_privacy(found, language),
        *_uses(found, language),
    ]
    return Document(
        title=tagged(plan.study.title, language),
        subtitle=say("dry_run.subtitle", language),
        language=language,
        author=plan.wording.author,
        date=plan.study.date,
        blocks=tuple(blocks),
        banner=say("dry_run.banner", language),
    )


def _say(key: str, language: str, /, **values: object) -> str:
    return say(f"dry_run.{key}", language, **values)


def _opening(found: DryRun, language: str) -> Iterator[Block]:
    sizes = ", ".join(str(at.n) for at in found.sizes)
    text = _say("notice.text", language, replications=found.replications, sizes=sizes)
    yield Notice(_say("notice.title", language), text, "synthetic")
    yield Paragraph(
        _say("how", language, model=found.simulation, seed=str(found.seed), large=number(LARGE_DRAW, language, 0))
    )


def _reached(found: DryRun, language: str) -> Iterator[Block]:
    """For how many claims each n is enough, by the usual yardstick."""
    for at in found.sizes:
        short = [claim.claim for claim in at.claims if claim.found is None or claim.found.share < ENOUGH]
        key = "reached.some" if short else "reached.all"
        if at.claims:
            yield Paragraph(
                _say(key, language, n=str(at.n), total=len(at.claims), reached=len(at.claims) - len(short), enough=ENOUGH,
                     names=", ".join(short))
            )  # fmt: skip


def _sizes(found: DryRun, language: str) -> tuple[str, ...]:
    return tuple(_say("claims.size", language, n=str(at.n)) for at in found.sizes)


def share_text(share: float, language: str) -> str:
    """A share in whole per cents; what is not quite none or all does not read as if it were."""
    if 0 < share < 0.005 or 0.995 <= share < 1:
        return f"<{NO_BREAK}1%" if share < 0.5 else f">{NO_BREAK}99%"
    return per_cent(share, language)


def rate_text(rate: Rate | None, language: str) -> str:
    """A rate with its Monte Carlo interval: ``85% (79–89)``."""
    if rate is None:
        return "–"
    low, high = (number(100 * end, language, 0) for end in (rate.interval.low, rate.interval.high))
    return f"{share_text(rate.share, language)} ({low}–{high})"


def _claims(plan: Plan, found: DryRun, language: str) -> Iterator[Block]:
    yield Heading(1, _say("claims.title", language), "dry-claims")
    if plan.declared.claims is None:
        yield Paragraph(_say("claims.none", language))
        return
    statements = {claim.id: claim.statement.to(language) for claim in plan.declared.claims.claims}
    header = (_say("claims.claim", language), _say("claims.statement", language), *_sizes(found, language))
    rows, told = [], []
    for place, first in enumerate(found.sizes[0].claims):
        each = [at.claims[place] for at in found.sizes]
        rows.append((first.claim, statements[first.claim], *(rate_text(power.found, language) for power in each)))
        told.append((first.claim, *(_verdicts(power.verdicts, language) for power in each)))
    yield Table(
        "power", _say("claims.power", language), header, tuple(rows), claims_data(found),
        notes=(_say("claims.power_note", language),), widths=(1, 5, *(2 for _ in found.sizes)),
        align="ll" + "r" * len(found.sizes),
    )  # fmt: skip
    yield Table(
        "verdicts-by-size", _say("claims.verdicts", language), (header[0], *header[2:]), tuple(told), verdicts_data(found),
        align="l" * (1 + len(found.sizes)),
    )  # fmt: skip
    yield Paragraph(_wrong(found, language))


def _verdicts(shares: Mapping[str, float], language: str) -> str:
    return "; ".join(
        f"{say(f'claims.verdict.{name}', language)} {share_text(share, language)}" for name, share in shares.items()
    )


def _wrong(found: DryRun, language: str) -> str:
    share, n, claim = max(
        ((c.wrong.share, at.n, c.claim) for at in found.sizes for c in at.claims), key=lambda each: each[0]
    )
    if not share:
        return _say("claims.never_wrong", language)
    return _say("claims.wrong", language, claim=claim, n=str(n), share=share)


def claims_data(found: DryRun) -> pd.DataFrame:
    """One row per claim and n: found, low, high, wrong."""
    rows = []
    for at in found.sizes:
        for power in at.claims:
            rate = power.found
            ends = (rate.share, rate.interval.low, rate.interval.high) if rate else (np.nan,) * 3
            rows.append((at.n, power.claim, *ends, power.wrong.share))
    return pd.DataFrame(rows, columns=["n", "claim", "found", "low", "high", "wrong"])


def verdicts_data(found: DryRun) -> pd.DataFrame:
    """One row per claim, n and verdict: share."""
    rows = [
        (at.n, c.claim, verdict, share)
        for at in found.sizes
        for c in at.claims
        for verdict, share in c.verdicts.items()
    ]
    return pd.DataFrame(rows, columns=["n", "claim", "verdict", "share"])


def _drivers(plan: Plan, found: DryRun, language: str) -> Iterator[Block]:
    if plan.declared.drivers is None or not found.sizes[0].drivers:
        return
    yield Heading(1, _say("drivers.title", language), "dry-drivers")
    titles = {model.code: model.title.to(language) for model in plan.declared.drivers.models}
    labels = {predictor.code: predictor.label.to(language) for predictor in plan.declared.drivers.predictors}
    rows = [
        (titles[model], labels[term], _say("drivers.planted" if planted else "drivers.null", language, n=len(powers[0])),
         *(share_text(_mean(power), language) for power in powers))
        for (model, term, planted), powers in grouped(found).items()
    ]  # fmt: skip
    header = tuple(_say(f"drivers.{key}", language) for key in ("model", "term", "outcomes"))
    yield Table(
        "driver-power", _say("drivers.table", language), (*header, *_sizes(found, language)), tuple(rows),
        drivers_data(found), notes=(_say("drivers.note", language, alpha=ALPHA),), widths=(3, 4, 2, *(2 for _ in found.sizes)),
        align="lll" + "r" * len(found.sizes),
    )  # fmt: skip
    failed = dict.fromkeys(
        f"{power.outcome} (n = {at.n}: {share_text(power.failed, language)})"
        for at in found.sizes for power in at.drivers if power.failed
    )  # fmt: skip
    key = "drivers.failed" if failed else "drivers.fitted"
    yield Paragraph(_say(key, language, **({"models": "; ".join(failed)} if failed else {})))


def grouped(found: DryRun) -> dict[tuple[str, str, bool], list[list[DriverPower]]]:
    """By model, predictor and whether something is planted (such first): per size the powers of the outcomes."""
    groups: dict[tuple[str, str, bool], list[list[DriverPower]]] = {}
    for place, at in enumerate(found.sizes):
        for power in at.drivers:
            key = (power.model, power.term, bool(power.planted))
            groups.setdefault(key, [[] for _ in found.sizes])[place].append(power)
    order = list(dict.fromkeys(key[:2] for key in groups))
    return dict(sorted(groups.items(), key=lambda each: (order.index(each[0][:2]), not each[0][2])))


def _mean(powers: Sequence[DriverPower]) -> float:
    return float(np.mean([power.found.share for power in powers]))


def drivers_data(found: DryRun) -> pd.DataFrame:
    """One row per n, model, outcome and predictor: planted, found, low, high, failed."""
    rows = [
        (
            at.n,
            p.model,
            p.outcome,
            p.term,
            p.planted,
            p.found.share,
            p.found.interval.low,
            p.found.interval.high,
            p.failed,
        )
        for at in found.sizes
        for p in at.drivers
    ]
    columns = ["n", "model", "outcome", "term", "planted", "found", "low", "high", "failed"]
    return pd.DataFrame(rows, columns=columns)


def _flow(plan: Plan, found: DryRun, language: str) -> Iterator[Block]:
    steps: list[tuple[str, list[float]]] = [
        (_say("flow.started", language), [float(at.n) for at in found.sizes]),
        (_say("flow.submitted", language), [at.submitted for at in found.sizes]),
    ]
    for model in plan.declared.drivers.models if plan.declared.drivers else ():
        title = model.title.to(language)
        steps.append((_say("flow.model", language, model=title), [at.used[model.code] for at in found.sizes]))
    parts = [[part for claim in at.claims for part in claim.parts] for at in found.sizes]
    if parts[0]:
        least = min(range(len(parts[0])), key=lambda place: parts[0][place].n)
        label = _say("flow.smallest", language, part=parts[0][least].part)
        steps.append((label, [each[least].n for each in parts]))
    yield Heading(1, _say("flow.title", language), "dry-flow")
    yield Table(
        "flow", _say("flow.table", language), (_say("flow.step", language), *_sizes(found, language)),
        tuple((label, *(number(n, language, 0) for n in numbers)) for label, numbers in steps),
        pd.DataFrame([(label, *numbers) for label, numbers in steps], columns=["step", *(f"n{at.n}" for at in found.sizes)]),
        widths=(4, *(2 for _ in found.sizes)),
    )  # fmt: skip


def _privacy(found: DryRun, language: str) -> Iterator[Block]:
    yield Heading(1, _say("privacy.title", language), "dry-privacy")
    draws = min(LOOKED_AT, found.replications)
    yield Paragraph(_say("privacy.intro", language, draws=draws, minimum=MINIMUM))
    rows, data = [], []
    for name, lefts in thinned(found).items():
        kind, code = name
        shown = code
        if kind == "chapter":
            shown = _say("privacy.chapter", language, name=_say(f"privacy.chapters.{code}", language))
        rows.append((shown, *(_left(left, language) for left in lefts)))
        data += [
            (kind, code, at.n, *each) for at, left in zip(found.sizes, lefts, strict=True) for each in left.items()
        ]
    if not rows:
        yield Paragraph(_say("privacy.whole", language))
        return
    header = (_say("privacy.name", language), *_sizes(found, language))
    yield Table(
        "hidden", _say("privacy.table", language), header, tuple(rows),
        pd.DataFrame(data, columns=["kind", "name", "n", "left", "share"]), align="l" * len(header),
    )  # fmt: skip


def thinned(found: DryRun) -> dict[tuple[str, str], list[Mapping[str, float]]]:
    """Chapters, then questions, that do not always stay whole: per size the shares of draws."""
    everything: dict[tuple[str, str], list[Mapping[str, float]]] = {}
    for at in found.sizes:
        for kind, lefts in (("chapter", at.chapters), ("question", at.tables)):
            for name, left in lefts.items():
                everything.setdefault((kind, name), []).append(left)
    kept = {key: lefts for key, lefts in everything.items() if any(left.get("whole", 0) < 1 for left in lefts)}
    return dict(sorted(kept.items(), key=lambda each: each[0][0]))


def _left(left: Mapping[str, float], language: str) -> str:
    return "; ".join(
        f"{_say(f'privacy.left.{what}', language)} {share_text(share, language)}" for what, share in left.items()
    )


def _uses(found: DryRun, language: str) -> Iterator[Block]:
    yield Heading(1, _say("uses.title", language), "dry-uses")
    questions = [use.code for use in found.unused if use.kind == "question"]
    constructs = [use.code for use in found.unused if use.kind == "construct"]
    told = [(key, names) for key, names in (("unused", questions), ("constructs", constructs)) if names]
    for key, names in told:
        yield Paragraph(_say(f"uses.{key}", language, names=", ".join(names)))
    if not told:
        yield Paragraph(_say("uses.all", language))
    if found.unasked:
        yield Paragraph(_say("uses.unasked", language, names=", ".join(found.unasked)))
