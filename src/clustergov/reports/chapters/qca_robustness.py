"""Whether a QCA's solution holds under other choices, and what chance alone would have given."""

from __future__ import annotations

from clustergov.casestudies.qca.respondents import DeclaredQca, RespondentSets
from clustergov.casestudies.qca.robust_fit import TYPES, RobustFit
from clustergov.casestudies.qca.robustness import Alternative, Robustness
from clustergov.casestudies.qca.sensitivity import SensitivityRange
from clustergov.casestudies.qca.shown import alternatives_frame, part_of
from clustergov.casestudies.qca.shuffled import LEVEL, Shuffled
from clustergov.language import number, say
from clustergov.reports.document import Block, Figure, Heading, Inline, Paragraph, Table
from clustergov.reports.figures.sensitivity import range_text, sensitivity, sensitivity_alt


def under_other_choices(found: DeclaredQca, language: str, banner: str) -> list[Block]:
    """The protocol: ranges of every choice, what remains under declared others, and which cases hold."""
    steady = found.robustness
    if not isinstance(steady, Robustness):
        return []
    moved = found.declaration.robustness
    blocks: list[Block] = [
        Heading(2, say("qca_robustness.title", language), "qca-robustness-title"),
        Paragraph(steady.sentence(language)),
        Paragraph(f"{say('qca_robustness.varied', language, share=moved.anchors)} {moved.reason.to(language)}"),
    ]
    anchors = [one for one in steady.ranges if one.choice == "anchor"]
    if anchors:
        labels = [label(one, found, language) for one in anchors]
        blocks.append(
            Figure(
                id="qca-sensitivity", caption=say("qca_robustness.figure", language),
                alt=sensitivity_alt(anchors, labels, moved.anchors, language),
                png=sensitivity(anchors, labels, moved.anchors, language, banner=banner),
                notes=(say("qca_robustness.figure_note", language),),
            )
        )  # fmt: skip
    cut_offs = [one for one in steady.ranges if one.choice != "anchor"]
    blocks.append(Paragraph(_cut_offs(cut_offs, language)))
    blocks.append(_choices(found, steady, language))
    if steady.by_case:
        blocks.append(Paragraph(_left_out(found, steady, language)))
    return [*blocks, *_held(found, steady, language)]


def label(one: SensitivityRange | Alternative, found: DeclaredQca, language: str) -> str:
    """“CONTACT: crossover 3.55”."""
    method = next(entry.calibration.method for entry in found.declaration.sets if entry.name == one.name)
    entry = next(entry for entry in found.declaration.sets if entry.name == one.name)
    count = len(entry.calibration.anchors)
    key = str(one.place + 1)
    if method in ("logistic", "linear"):
        role = say(f"qca_robustness.anchor.{('exclusion', 'crossover', 'inclusion')[one.place]}", language)
    elif method == "bell" and not entry.calibration.inverted:
        names = ("exclusion", "crossover", "inclusion", "inclusion", "crossover", "exclusion")
        role = say(f"qca_robustness.anchor.{names[one.place]}", language)
    else:
        role = say("qca_robustness.anchor.threshold", language, n=key if count > 1 else "").strip()
    places = 0 if float(one.declared).is_integer() else 2
    return f"{one.name}: {role} {number(one.declared, language, places)}"


def _cut_offs(ranges: list[SensitivityRange], language: str) -> str:
    parts = [
        say(f"qca_robustness.cut_off.{one.choice}", language,
            declared=number(one.declared, language, 0 if one.choice == "frequency" else 2),
            range=range_text(one, language, 0 if one.choice == "frequency" else 3 if one.choice == "inclusion" else 2))
        for one in ranges
    ]  # fmt: skip
    return say("qca_robustness.cut_offs", language, parts="; ".join(parts))


def _choices(found: DeclaredQca, steady: Robustness, language: str) -> Table:
    """Only the choices that change something; the data have all."""
    changed = [one for one in steady.by_choice if not one.same]
    keys = ("choice", "tried", "models", "kept", "new", "overlap")
    note = say("qca_robustness.unchanged", language, n=len(steady.by_choice) - len(changed))
    return Table(
        id="qca-robustness", caption=say("qca_robustness.table", language),
        header=tuple(say(f"qca_robustness.column.{key}", language) for key in keys),
        rows=tuple(_choice_row(one, found, language) for one in changed),
        data=alternatives_frame(steady, found.minimum), notes=(note, say("qca_robustness.overlap", language)),
        widths=(4.6, 1.5, 1.7, 3.0, 2.0, 1.6), align="lrrrrr",
    )  # fmt: skip


def _choice_row(one: Alternative, found: DeclaredQca, language: str) -> tuple[Inline, ...]:
    name = label(one, found, language) if one.kind == "anchor" else say(f"qca_robustness.choice.{one.kind}", language)
    places = 0 if one.kind == "frequency" else 2
    tried = number(one.tried, language, places)
    if one.refused is not None:
        return name, tried, "0", say("qca_robustness.no_solution", language), "–", "–"
    kept = say("qca_robustness.of", language, kept=len(one.kept), all=len(one.kept) + len(one.lost))
    return name, tried, str(len(one.models)), kept, str(len(one.new)), number(one.overlap, language, 2)


def _left_out(found: DeclaredQca, steady: Robustness, language: str) -> str:
    """How many cases the solution hangs on; named on synthetic responses only."""
    changed = [one for one in steady.by_case if not one.same]
    shown = part_of(len(changed), len(steady.by_case), found.minimum)
    many = say("qca_study.few", language, minimum=found.minimum) if shown is None else str(shown)
    told = say("qca_robustness.left_out", language, n=len(steady.by_case), changed=many)
    lost = {term for one in changed for term in one.lost}
    every = [str(term) for term in steady.initial[0].terms]
    kept = [term.replace("*", " * ") for term in every if term not in lost]
    return f"{told} {say('qca_robustness.left_out_kept', language, terms='; '.join(kept) or say('qca_robustness.no_term', language))}"


def _held(found: DeclaredQca, steady: Robustness, language: str) -> list[Block]:
    """Types of cases against the other choices, and against the solutions without a case."""
    import pandas as pd

    from clustergov.survey.disclosure import suppress

    fits: list[tuple[str, RobustFit]] = [
        (key, fit) for key, fit in (("choices", steady.fit), ("cases", steady.without)) if fit is not None
    ]
    if not fits:
        return []
    respondents = len(found.sets.table.cases) if isinstance(found.sets, RespondentSets) else 0
    if found.minimum is not None:
        fits = fits[:1]  # two columns nearly alike: what differs between them would be a case or two
    columns = {}
    for key, fit in fits:
        counts = pd.Series([float(len(cases)) for _, cases in fit.cases])
        # Those of no type, exactly between in and out, follow from the number of all.
        every = pd.concat([counts, pd.Series([respondents - counts.sum()])], ignore_index=True)
        columns[key] = counts if found.minimum is None else suppress(every, found.minimum)[: len(counts)]
    rows: list[tuple[Inline, ...]] = [
        (say(f"qca_robustness.type.{name}", language), *(number(columns[key][at], language, 0) for key, _ in fits))
        for at, name in enumerate(TYPES)
    ]
    parameters = {"RF_cov": "coverage", "RF_cons": "consistency", "RF_SC_minTS": "overlap_least",
                  "RF_SC_maxTS": "overlap_greatest"}  # fmt: skip
    rows += [
        (name, *(number(getattr(fit, field), language, 2) for _, fit in fits)) for name, field in parameters.items()
    ]
    data = pd.DataFrame({"type": TYPES, **columns})
    return [
        Table(
            id="qca-held", caption=say("qca_robustness.held", language),
            header=(say("qca_robustness.column.type", language),
                    *(say(f"qca_robustness.against.{key}", language) for key, _ in fits)),
            rows=tuple(rows), data=data, notes=(say("qca_robustness.held_note", language),), widths=(6.0, 3.0, 3.0)[: 1 + len(fits)],
        )
    ]  # fmt: skip


def by_chance(found: DeclaredQca, language: str) -> list[Block]:
    """What shuffled outcomes give."""
    chance = found.shuffled
    if not isinstance(chance, Shuffled):
        return []
    rows = tuple(
        (one.formula.replace("*", " * ") if " + " not in one.formula else say("qca_study.model", language, n=1),
         number(one.inclusion, language, 2), number(one.middle, language, 2), number(one.high, language, 2),
         say("qca_robustness.share", language, value=one.reached.value, low=one.reached.low, high=one.reached.high))
        for one in chance.parts
    )  # fmt: skip
    keys = ("term", "found", "median", "high", "reached")
    return [
        Heading(2, say("qca_robustness.chance", language), "qca-chance-title"),
        Paragraph(chance.sentence(language)),
        Paragraph(say("qca_robustness.selection", language)),
        Table(
            id="qca-chance", caption=say("qca_robustness.chance_table", language, draws=chance.draws),
            header=tuple(say(f"qca_robustness.column.{key}", language) for key in keys), rows=rows, data=chance.frame(),
            notes=(say("qca_robustness.chance_note", language, level=LEVEL, seed=chance.seed),),
            widths=(5.0, 1.6, 1.8, 2.0, 3.4), align="lrrrr",
        ),
    ]  # fmt: skip
