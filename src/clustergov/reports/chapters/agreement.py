"""Agreement of coders: what they see per code, where they see it, how it changed, and what remains to be resolved."""

from __future__ import annotations

from collections.abc import Sequence

from clustergov.casestudies.agreement.agreement import Agreement
from clustergov.casestudies.agreement.code_agreement import CodeAgreement
from clustergov.casestudies.agreement.coded import Kind
from clustergov.casestudies.agreement.where import Where
from clustergov.language import Text, number, say
from clustergov.reports.document import Block, Bullets, Figure, Heading, Inline, Notice, Paragraph, Table
from clustergov.reports.figures.agreement import agreement_alt, agreement_figure
from clustergov.reports.wording import tagged


def agreement(
    result: Agreement, language: str, titles: dict[str, Text] | None = None, *, remarks: Sequence[Text] = ()
) -> list[Block]:
    """What, per kind of unit with a figure and a table per code; where, per document; cases, rounds and disagreements.

    Parameters
    ----------
    titles : dict
        Case → its title; the code of the case is shown where there is none.
    remarks : sequence of Text
        What must be known of how the rounds were coded.
    """
    titles = titles or {}
    blocks: list[Block] = [
        Heading(1, say("agreement.chapter.title", language), "chapter-agreement"),
        Paragraph(result.sentence(language)),
        *(Notice(say("chapters.cases.caveat", language), tagged(remark, language), "limit") for remark in remarks),
    ]
    if result.reason:
        return blocks
    blocks.append(Paragraph(say("agreement.chapter.reading", language, rare=result.rare, level=result.level)))
    for kind in result.kinds:
        blocks += _what(result, kind, language)
    if result.where:
        blocks += [Heading(2, say("agreement.chapter.where", language), "chapter-agreement-where"),
                   Paragraph(say("agreement.where_note", language)), _where(result.where, language)]  # fmt: skip
    blocks += _parts(result, language, titles)
    return [*blocks, *_disagreements(result, language, titles)]


def _what(result: Agreement, kind: Kind, language: str) -> list[Block]:
    codes = result.of_kind(kind)
    title = say("agreement.chapter.what", language, kind=say(f"agreement.kind.{kind}", language))
    blocks: list[Block] = [Heading(2, title, f"chapter-agreement-{kind}")]
    if any(code.alpha.value is not None for code in codes):
        blocks.append(
            Figure(
                id=f"agreement-{kind}-figure",
                caption=say("agreement.chapter.figure", language, level=result.level),
                alt=agreement_alt(codes, language),
                png=agreement_figure(codes, language),
                notes=(say("agreement.chapter.figure_note", language, rare=result.rare),),
                marked=False,
            )
        )
        blocks.append(_codes(result, kind, codes, language))
    sets = dict(result.sets)[kind]
    return [*blocks, _counts(result, kind, codes, language),
            Paragraph(say("agreement.chapter.sets", language, text=sets.sentence(language)))]  # fmt: skip


def _codes(result: Agreement, kind: Kind, codes: tuple[CodeAgreement, ...], language: str) -> Table:
    """Coefficients of the codes that have them; the others stand in the table of counts."""
    told = [code for code in codes if code.alpha.reason != "rare"]
    headings = [say("agreement.column.code", language), *(each.label(language) for each in codes[0].coefficients)]
    bases = dict.fromkeys(code.alpha.basis(language) for code in told if code.alpha.low is not None)
    notes: list[Inline] = [say("agreement.chapter.interval", language, level=result.level, bases="; ".join(bases))]
    notes.append(say("agreement.chapter.several", language))
    return Table(
        id=f"agreement-{kind}",
        caption=say("agreement.chapter.table", language),
        header=tuple(headings),
        rows=tuple((code.name.to(language), *(each.text(language) for each in code.coefficients)) for code in told),
        data=result.frame(),
        notes=tuple(notes),
        widths=(3.6, *(3.1 for _ in codes[0].coefficients)),
        align="l" * (1 + len(codes[0].coefficients)),
        marked=False,
    )


def _counts(result: Agreement, kind: Kind, codes: tuple[CodeAgreement, ...], language: str) -> Table:
    """How often each coder saw each code, and how many units would have to be read for the declared interval."""
    names = ("code", *codes[0].coders)
    keys = ("everybody", "differ", "prevalence", "polarity", "needed")
    header = (say("agreement.column.code", language), *codes[0].coders,
              *(say(f"agreement.column.{key}", language) for key in keys))  # fmt: skip
    data = result.frame()[["code", "kind", "round", "case", "units", "seen", "everybody", "somebody", "prevalence",
                           "polarity_judged", "polarity_same", "needed"]].drop_duplicates()  # fmt: skip
    return Table(
        id=f"agreement-{kind}-counts",
        caption=say("agreement.chapter.counts", language, units=codes[0].units),
        header=header,
        rows=tuple(_count_row(code, language) for code in codes),
        data=data,
        notes=(
            say("agreement.chapter.polarity", language),
            say("agreement.chapter.needed", language, width=result.width, alpha=result.assumed_alpha, level=result.level),
        ),
        align="l" + "r" * (len(names) - 1 + len(keys)),
        widths=(4.2, *(1.3 for _ in codes[0].coders), 1.4, 1.6, 1.5, 1.6, 1.7),
        marked=False,
    )  # fmt: skip


def _count_row(code: CodeAgreement, language: str) -> tuple[Inline, ...]:
    judged = code.polarity
    return (
        code.name.to(language), *(str(count) for count in code.seen), str(code.everybody), str(code.differ),
        f"{number(100 * code.prevalence, language, 1)}%", f"{judged.same}/{judged.judged}" if judged.judged else "–",
        "–" if code.needed is None else number(code.needed, language, 0),
    )  # fmt: skip


def _where(found: tuple[Where, ...], language: str) -> Table:
    import pandas as pd

    from clustergov.casestudies.agreement.agreement import where_row

    keys = ("document", "code", "marked", "jaccard", "kappa_all", "u_alpha")
    return Table(
        id="agreement-where",
        caption=say("agreement.chapter.where_table", language),
        header=tuple(say(f"agreement.column.{key}", language) for key in keys),
        rows=tuple(_where_row(each, language) for each in found),
        data=pd.DataFrame([where_row(each) for each in found]),
        notes=(say("agreement.chapter.blocks", language),),
        align="llrrrl",
        marked=False,
    )


def _where_row(found: Where, language: str) -> tuple[Inline, ...]:
    over = found.overlap
    alpha = say(f"agreement.reason.{found.reason}", language) if found.alpha is None else number(found.alpha, language)
    if found.alpha is not None and found.low is not None and found.high is not None:
        alpha = say("agreement.value", language, value=found.alpha, low=found.low, high=found.high)
    return (
        f"{found.case}/{found.document}", found.code or say("agreement.column.all", language),
        " / ".join(map(str, over.marked)), "–" if over.jaccard is None else number(over.jaccard, language),
        "–" if over.kappa is None else number(over.kappa, language), alpha,
    )  # fmt: skip


def _parts(result: Agreement, language: str, titles: dict[str, Text]) -> list[Block]:
    """Codes that have an alpha in a round or in a case, side by side."""
    blocks: list[Block] = []
    for what, key in (("rounds", "round"), ("cases", "case")):
        found = [part for part in result.parts if bool(part.case) == (key == "case") and part.alpha.reason != "rare"]
        columns = list(dict.fromkeys(getattr(part, key) for part in found))
        if not found or len(columns) < 2:
            continue
        cells = {(part.code, getattr(part, key)): part.alpha.text(language) for part in found}
        names = {part.code: part.name.to(language) for part in found}
        heads = [titles[c].to(language) if c in titles else str(c) for c in columns]
        if key == "round":
            heads = [say("agreement.chapter.round", language, round=column) for column in columns]
        frame = result.frame()
        blocks.append(
            Table(
                id=f"agreement-{what}",
                caption=say(f"agreement.chapter.{what}", language),
                header=(say("agreement.column.code", language), *heads),
                rows=tuple((names[code], *(cells.get((code, c), "–") for c in columns)) for code in names),
                data=frame[(frame["case"] != "") == (key == "case")],
                notes=(say("agreement.chapter.dash", language, rare=result.rare),),
                widths=(3.6, *(12.4 / len(columns) for _ in columns)),
                align="l" * (1 + len(columns)),
                marked=False,
            )
        )
    return [Heading(2, say("agreement.chapter.parts", language), "chapter-agreement-parts"), *blocks] if blocks else []


def _disagreements(result: Agreement, language: str, titles: dict[str, Text]) -> list[Block]:
    """How many units wait to be looked at together, per case."""
    cases = dict.fromkeys(found.case for found in result.documents)
    counts = {case: [found for found in result.documents if found.case == case] for case in cases}
    total = sum(found.differing for found in result.documents)
    lines = [
        say("agreement.chapter.open_in", language, case=titles[case].to(language) if case in titles else case,
            n=sum(found.differing for found in part), units=sum(found.units for found in part))
        for case, part in counts.items()
        if any(found.differing for found in part)
    ]  # fmt: skip
    units = sum(found.units for found in result.documents)
    blocks: list[Block] = [
        Heading(2, say("agreement.chapter.disagreements", language), "chapter-agreement-disagreements"),
        Paragraph(say("agreement.chapter.open", language, n=total, units=units)),
    ]
    return [*blocks, Bullets(tuple(lines))] if lines else blocks
