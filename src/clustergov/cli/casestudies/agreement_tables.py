"""What ``clustergov casestudies agreement`` shows on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from clustergov.cli.table import print_table
from clustergov.language import number, say

if TYPE_CHECKING:
    from clustergov.casestudies.agreement.agreement import Agreement
    from clustergov.casestudies.agreement.code_agreement import CodeAgreement
    from clustergov.casestudies.agreement.coefficient import Coefficient
    from clustergov.casestudies.agreement.planner import CodingPlan
    from clustergov.casestudies.agreement.table_agreement import TableAgreement
    from clustergov.casestudies.agreement.tables import CodedTable
    from clustergov.casestudies.agreement.where import Where


def show_study(found: Agreement, language: str) -> None:
    """Sentence, codes, documents and where."""
    click.echo(found.sentence(language))
    for kind in found.kinds:
        codes = found.of_kind(kind)
        click.echo(f"\n{_word('what', language)}: {say(f'agreement.kind.{kind}', language)}")
        headings = [_word(name, language) for name in ("code", "seen", "prevalence", "differ", "alpha", "ac", "polarity",
                                                       "needed")]  # fmt: skip
        print_table(headings, [_code_row(code, language) for code in codes])
        click.echo(_notes(codes, language))
    for kind, sets in found.sets:
        click.echo(f"{_word('sets', language)} ({say(f'agreement.kind.{kind}', language)}): {sets.text(language)}")
    if found.where:
        _show_where(found.where, language)


def _code_row(found: CodeAgreement, language: str) -> list[str]:
    alpha, _, ac, _ = _texts(found.coefficients, language)
    polarity = f"{found.polarity.same}/{found.polarity.judged}" if found.polarity.judged else "–"
    return [
        found.name.to(language), " / ".join(map(str, found.seen)), f"{number(100 * found.prevalence, language, 1)}%",
        str(found.differ), alpha, ac, polarity,
        "–" if found.needed is None else number(found.needed, language, 0),
    ]  # fmt: skip


def _notes(codes: Sequence[CodeAgreement], language: str) -> str:
    bases = dict.fromkeys(code.alpha.basis(language) for code in codes if code.alpha.low is not None)
    return "; ".join(bases)


def show_table(table: CodedTable, found: TableAgreement, language: str) -> None:
    """What was read, the coefficients of all codes together and of each, and where."""
    key = "stretches" if table.texts else "turned" if table.transposed else "read"
    click.echo(say(f"agreement.table.{key}", language, units=table.units, coders=len(table.coders),
                   names=", ".join(table.coders)))  # fmt: skip
    if table.nothing:
        click.echo(say("agreement.table.nothing", language, n=table.nothing))
    if found.overall:
        print_table(
            ("", "", "n", _word("basis", language)), [_coefficient_row(each, language) for each in found.overall]
        )
    if found.codes:
        names = [each.label(language) for each in found.codes[0].coefficients]
        click.echo()
        rows = [
            [code.code, " / ".join(map(str, code.seen)), f"{number(100 * code.prevalence, language, 1)}%",
             *_texts(code.coefficients, language)]
            for code in found.codes
        ]  # fmt: skip
        print_table([_word(name, language) for name in ("code", "seen", "prevalence")] + names, rows)
    if found.where:
        _show_where(found.where, language)
        for text in table.texts:
            if not text.length_known:
                click.echo(say("agreement.table.length", language, document=text.document or "–", length=text.length))


def _texts(found: Sequence[Coefficient], language: str) -> list[str]:
    """Values with their intervals; a reason that all share stands once."""
    if found[0].reason == "rare":
        return [found[0].text(language), *("–" for _ in found[1:])]
    return [each.text(language) for each in found]


def _coefficient_row(found: Coefficient, language: str) -> list[str]:
    weights = "" if found.weights in ("identity", "nominal") else f" ({found.weights})"
    return [found.label(language) + weights, found.text(language), str(found.pairable), found.basis(language)]


def _show_where(found: Sequence[Where], language: str) -> None:
    click.echo(f"\n{_word('where', language)}")
    headings = [_word(name, language) for name in ("document", "code", "marked", "jaccard", "kappa_all", "u_alpha")]
    print_table(headings, [_where_row(each, language) for each in found])
    click.echo(say("agreement.where_note", language))


def _where_row(found: Where, language: str) -> list[str]:
    over = found.overlap
    alpha = say(f"agreement.reason.{found.reason}", language) if found.alpha is None else number(found.alpha, language)
    if found.alpha is not None and found.low is not None and found.high is not None:
        alpha = say("agreement.value", language, value=found.alpha, low=found.low, high=found.high)
    return [
        found.document, found.code or _word("all", language), " / ".join(map(str, over.marked)),
        "–" if over.jaccard is None else number(over.jaccard, language),
        "–" if over.kappa is None else number(over.kappa, language), alpha,
    ]  # fmt: skip


def _word(name: str, language: str) -> str:
    return say(f"agreement.column.{name}", language)


SENTENCES = 3
"""Plans that are told in a sentence each; more make a table with the sentence of the largest under it."""


def show_plans(plans: Sequence[tuple[str, CodingPlan]], language: str) -> None:
    """How many passages to code twice, per code."""
    if len(plans) <= SENTENCES:
        for name, made in plans:
            click.echo(f"{name}: {made.sentence(language)}")
        return
    keys = ("code", "prevalence", "needed", "carrying", "median", "within")
    print_table([_word(key, language) for key in keys], [_plan_row(name, made, language) for name, made in plans])
    name, largest = max(plans, key=lambda each: each[1].passages)
    click.echo(f"{name}: {largest.sentence(language)}")


def _plan_row(name: str, made: CodingPlan, language: str) -> list[str]:
    share = made.assumed.prevalence
    return [
        name, f"{number(100 * share, language, 1)}%", number(made.passages, language, 0),
        number(round(made.passages * share), language, 0),
        "–" if made.median_width is None else number(made.median_width, language),
        "–" if made.within is None else f"{number(100 * made.within, language, 0)}%",
    ]  # fmt: skip
