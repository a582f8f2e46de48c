"""Cases under the model: how they were chosen, whether before the reading, what the model expects, and what it may lack."""

from __future__ import annotations

import math

from clustergov.language import number, say
from clustergov.reports.document import Block, Bullets, Figure, Heading, Notice, Paragraph, Span, Table
from clustergov.reports.figures.profile import profile_alt, profile_png
from clustergov.reports.figures.residuals import residuals_alt, residuals_png
from clustergov.reports.joint.case_account import CaseAccount, ProfileRow
from clustergov.reports.joint.cases_and_model import CasesAndModel
from clustergov.reports.joint.chosen_row import ChosenRow
from clustergov.reports.joint.paths import SideBySide
from clustergov.reports.wording import between, shown

MOST_NAMES = 6
"""Organisations that a cell names; all that may be named stand in its data."""


def cases_and_model(found: CasesAndModel, language: str, *, banner: str = "") -> list[Block]:
    """A section per question: who was chosen, each case under the model, candidates for omitted drivers, both analyses."""
    blocks: list[Block] = [
        Heading(2, say("joint.model.title", language), "joint-model"),
        Paragraph(" ".join(text.to(language) for text in found.told)),
        *_frozen(found, language),
        _chosen(found, language),
        _residuals(found, language, banner),
        *_accounts(found, language, banner),
        Heading(2, say("joint.candidates.title", language), "joint-candidates"),
        *(Paragraph(sentence) for sentence in found.candidates.sentences(language)),
    ]
    if found.candidates.found:
        blocks.append(_candidates(found, language))
    blocks += _necessity(found, language)
    if isinstance(found.sides, SideBySide):
        blocks += _sides(found.sides, language)
    elif found.sides is not None:
        title = Heading(2, say("joint.paths.title", language), "joint-paths-title")
        blocks += [title, Paragraph(say("joint.paths.none", language, reason=found.sides))]
    return blocks


def _frozen(found: CasesAndModel, language: str) -> list[Block]:
    """Whether this is the choice that was frozen, and whether it came before the reading: never in small print."""
    told = [text.to(language) for text in (*found.state.sentences, *found.order.sentences)]
    later = all(order in ("after", "not coded") for _, _, order in found.order.orders)
    kept = found.state.state == "kept" and later
    return [Notice(say("joint.model.frozen", language), " ".join(told), "information" if kept else "limit")]


def _chosen(found: CasesAndModel, language: str) -> Table:
    places = 2 if found.kind == "linear" else 0
    rows = tuple(
        (
            f"{_rule(each, found, language)} {each.rank}{'ab'[each.pair - 1] if each.pair else ''}",
            each.name.to(language) if each.name else say("joint.model.not_shown", language),
            shown(each.observed, language, places),
            shown(each.predicted, language, places),
            "–" if math.isnan(each.low) else between(each.low, each.high, language, places),
            shown(each.deviance, language, 2),
            shown(each.value, language, 2),
        )
        for each in found.chosen
    )
    reasons = {(each.rule, each.driver): each for each in found.chosen}
    notes = tuple(
        say("joint.model.reason", language, rule=_rule(each, found, language), reason=each.reason,
            measure=say(f"case_selection.measure.{each.measure}", language))
        for each in reasons.values()
    )  # fmt: skip
    ties = [each for each in found.chosen if each.tied]
    if ties:
        notes += (say("joint.model.ties", language, n=len(ties)),)
    return Table(
        id="joint-chosen",
        caption=say("joint.model.chosen", language, outcome=found.outcome),
        header=tuple(
            say(f"joint.model.column.{key}", language)
            for key in ("rule", "who", "observed", "predicted", "interval", "deviance", "value")
        ),
        rows=rows,
        data=found.frame(),
        notes=notes,
        align="llrrrrr",
    )


def _rule(each: ChosenRow, found: CasesAndModel, language: str) -> str:
    words = say(f"case_selection.rule.{each.rule}", language)
    return f"{words} ({found.label(each.driver).to(language)})" if each.driver else words


def _residuals(found: CasesAndModel, language: str, banner: str) -> Figure:
    return Figure(
        id="joint-residuals",
        caption=say("joint.figure.residuals.caption", language, outcome=found.outcome, n=found.n),
        alt=residuals_alt(found, language),
        png=residuals_png(found, language, banner),
        notes=(say(f"joint.figure.residuals.{'points' if found.minimum is None else 'classes'}", language),),
    )


def _accounts(found: CasesAndModel, language: str, banner: str) -> list[Block]:
    blocks: list[Block] = [
        Heading(2, say("joint.account.title", language), "joint-accounts"),
        Paragraph(say("joint.account.intro", language)),
    ]
    shared = {remark["en"] for account in found.accounts for remark in account.remarks}
    for words in sorted(shared):
        mine = [account for account in found.accounts if any(remark["en"] == words for remark in account.remarks)]
        remark = next(remark for remark in mine[0].remarks if remark["en"] == words)
        titles = "; ".join(account.title.to(language) for account in mine)
        blocks.append(Paragraph((Span(f"{titles}: ", strong=True), remark.to(language))))
    predicted = [account for account in found.accounts if account.prediction is not None]
    if predicted:
        blocks.append(Bullets(tuple(_prediction(account, found, language) for account in predicted)))
    blocks.append(_profiles(found, language))
    placed = [account for account in found.accounts if any(row.percentile is not None for row in account.profile)]
    blocks += [_figure(account, language, banner) for account in placed]
    if found.made_up:
        blocks += [
            Heading(3, say("joint.account.rehearsed", language), "joint-made-up"),
            Paragraph(say("joint.account.rehearsed_intro", language)),
            Bullets(tuple(_prediction(account, found, language) for account in found.made_up)),
            *(_figure(account, language, banner) for account in found.made_up),
        ]
    return blocks


def _prediction(account: CaseAccount, found: CasesAndModel, language: str) -> str:
    """Predicted with its intervals, observed, and how far apart the two are."""
    told = account.prediction
    if told is None:
        return account.title.to(language)
    values = {"title": account.title, "outcome": found.outcome, "predicted": told.value, "level": found.level,
              "interval": between(told.low, told.high, language, 2 if found.kind == "linear" else 0)}  # fmt: skip
    if found.kind == "linear":
        head = say("joint.account.linear", language, **values, mean=between(told.mean_low, told.mean_high, language, 2))
    else:
        each = "; ".join(
            f"{place}: {number(100 * p, language, 0)}% ({between(100 * low, 100 * high, language, 0)})"
            for place, (p, low, high) in enumerate(told.probabilities, start=1)
        )
        head = say("joint.account.ordinal", language, **values, probabilities=each)
    if account.observed is None or account.deviance is None:
        return head
    tail = say(f"joint.account.{'inside' if account.inside else 'outside'}", language, observed=account.observed,
               residual=account.residual, deviance=account.deviance)  # fmt: skip
    return f"{head} {tail}"


def _profiles(found: CasesAndModel, language: str) -> Table:
    """Drivers in rows, cases in columns: value with mark and source, place among respondents, or that it is not known."""
    sources = list(
        dict.fromkeys(row.source.to(language) for account in found.accounts for row in account.profile if row.source)
    )
    rows = tuple(
        (row.label.to(language), *(_known(account.profile[at], sources, language) for account in found.accounts))
        for at, row in enumerate(found.accounts[0].profile)
    ) if found.accounts else ()  # fmt: skip
    titles = tuple(account.title.to(language) for account in found.accounts)
    frame = found.profiles()
    return Table(
        id="joint-profiles",
        caption=say("joint.account.table", language),
        header=(say("joint.account.column.driver", language), *titles),
        rows=rows,
        data=frame[frame["case"].isin([account.case for account in found.accounts])],
        notes=(say("joint.account.units", language),
               *(say("chapters.cases.source_of", language, n=place, source=source)
                 for place, source in enumerate(sources, start=1))),
        widths=(2.0,) + (2.2,) * len(titles),
        align="l" * (1 + len(titles)),
        marked=any(account.link == "respondent" for account in found.accounts),
    )  # fmt: skip


def _known(row: ProfileRow, sources: list[str], language: str) -> str:
    source = sources.index(row.source.to(language)) + 1 if row.source else 0
    if row.value is None:
        return (
            say("joint.account.searched", language, source=source)
            if source
            else say("joint.account.not_known", language)
        )
    value = row.words.to(language) if row.words else number(row.value, language, 0 if row.value.is_integer() else 1)
    if row.knowledge == "uncertain":
        value += f" ({say('joint.account.uncertain', language)})"
    if source:
        period = f" ({row.period})" if row.period else ""
        value = say("joint.account.cell", language, value=value, mark=row.mark, period=period, source=source)
    return "\n".join(part for part in (value, _place(row, language)) if part)


def _place(row: ProfileRow, language: str) -> str:
    if row.percentile is None:
        return row.why.to(language) if row.why else ""
    return say("joint.account.percentile", language, percentile=row.percentile, peers=row.peers)


def _figure(account: CaseAccount, language: str, banner: str) -> Figure:
    return Figure(
        id=f"joint-profile-figure-{account.case}",
        caption=say("joint.figure.profile.caption", language, title=account.title),
        alt=profile_alt(account, language),
        png=profile_png(account, language, banner),
    )


def _candidates(found: CasesAndModel, language: str) -> Table:
    rows = tuple(
        (
            each.name.to(language),
            f"{each.deviant} / {found.candidates.count('high', 'low')}",
            f"{each.high} / {each.low}",
            f"{each.typical} / {found.candidates.count('typical')}",
            f"{number(each.difference, language, 2)} ({between(each.least, each.most, language, 2)})",
        )
        for each in found.candidates.found
    )
    return Table(
        id="joint-candidates-table",
        caption=say("joint.candidates.table", language),
        header=tuple(
            say(f"joint.candidates.column.{key}", language) for key in ("concept", "deviant", "sides", "typical", "difference")
        ),
        rows=rows,
        data=found.omitted(),
        notes=(say("joint.candidates.note", language),),
        align="lrrrr",
    )  # fmt: skip


def _necessity(found: CasesAndModel, language: str) -> list[Block]:
    """Drivers as necessary conditions: the empty zone, what it hangs on, and how often chance gives as much."""
    rows = tuple(
        (
            found.label(each.driver).to(language),
            number(each.effect, language, 2),
            number(each.without_one, language, 2),
            number(each.p, language, 3),
        )
        for each in found.ceilings
    )
    if not rows:
        return []
    table = Table(
        id="joint-necessity",
        caption=say("joint.necessity.table", language, outcome=found.outcome),
        header=tuple(say(f"joint.necessity.column.{key}", language) for key in ("driver", "effect", "without", "p")),
        rows=rows,
        data=found.necessity(),
        notes=(say("joint.necessity.note", language, n=found.n, draws=found.ceilings[0].draws, tests=len(rows)),),
        align="lrrr",
    )
    title = Heading(2, say("joint.necessity.title", language), "joint-necessity-title")
    return [title, Paragraph(say("joint.necessity.intro", language)), table]


def _sides(sides: SideBySide, language: str) -> list[Block]:
    frame = sides.frame(language)
    rows = []
    for row in frame.to_dict("records"):
        name = row["path"] if row["kind"] != "group" else say(f"joint.paths.group.{row['path']}", language)
        kind = say(f"joint.paths.kind.{row['kind']}", language)
        rows.append(
            (name, kind, *(_count(row[key], language) for key in ("covered", "against")), _some(row["names"], language))
        )
    table = Table(
        id="joint-paths-table",
        caption=say("joint.paths.table", language),
        header=tuple(
            say(f"joint.paths.column.{key}", language) for key in ("path", "kind", "covered", "against", "names")
        ),
        rows=tuple(rows),
        data=frame,
        widths=(2.5, 1.4, 1.0, 1.0, 4.0),
        align="llrrl",
    )
    return [
        Heading(2, say("joint.paths.title", language), "joint-paths-title"),
        Paragraph(sides.sentence(language)),
        table,
    ]


def _some(names: str, language: str) -> str:
    """The first names, and how many more there are."""
    every = names.split("; ") if names else []
    shown, left = every[:MOST_NAMES], len(every) - MOST_NAMES
    return "; ".join([*shown, *([say("joint.paths.more", language, n=left)] if left > 0 else [])]) or "–"


def _count(value: object, language: str) -> str:
    return number(float(value), language, 0) if isinstance(value, int | float) and value == value else "–"
