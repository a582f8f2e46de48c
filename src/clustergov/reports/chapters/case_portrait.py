"""One case in order: form and governance, course of events, parties, money, the three rules, vision and episodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import pandas as pd

from clustergov.casestudies.case import Case
from clustergov.casestudies.happening import Dated, Funding, Happening
from clustergov.casestudies.network import Relation
from clustergov.casestudies.reading import Reading
from clustergov.language import Text, number, say
from clustergov.reports.document import Block, Bullets, Figure, Inline, Paragraph, Span, Table
from clustergov.reports.figures.actor_network import network_alt, network_figure
from clustergov.reports.figures.timeline import timeline_alt, timeline_figure, year_words
from clustergov.reports.wording import per_cent

Moment = TypeVar("Moment", bound=Dated)


def portrait(case: Case, numbers: Mapping[str, int], language: str) -> list[Block]:
    """What the case tells beside its statements and notes; a part that it leaves out is left out.

    Parameters
    ----------
    numbers : mapping of str to int
        Of the case's sources, as they are listed under its statements.
    """
    blocks: list[Block] = []
    if case.governance is not None:
        blocks.append(_brief(case, numbers, language))
    if case.rules:
        blocks.append(_rules(case, numbers, language))
    if case.timeline:
        blocks += [_timeline_figure(case, language), _timeline(case, numbers, language)]
    if case.actors:
        blocks += [_network(case, language), _actors(case, numbers, language)]
    if case.funding:
        blocks.append(_money(case, numbers, language))
    if case.vision:
        blocks += [_lead("vision", language), Bullets(tuple(_step(each, language) for each in _by_year(case.vision)))]
    if case.episodes:
        items = tuple(_episode(case, place, language) for place in range(len(case.episodes)))
        blocks += [_lead("episodes", language), Bullets(items)]
    return blocks


def _brief(case: Case, numbers: Mapping[str, int], language: str) -> Table:
    assert case.governance is not None
    parts = case.governance.parts()
    return _table(
        f"brief-{case.case}", "brief", case, language,
        ("question", "answer", "source", "mark"),
        [
            (say(f"cases.governance.{name}", language), _known(reading, language), *_rests_on(reading, numbers))
            for name, reading in parts.items()
        ],
        pd.DataFrame([(name, *_reading_data(case, reading)) for name, reading in parts.items()],
                     columns=["question", *_READING]),
        widths=(1.9, 7.0, 0.9, 0.8),
    )  # fmt: skip


def _rules(case: Case, numbers: Mapping[str, int], language: str) -> Table:
    return _table(
        f"rules-{case.case}", "rules_of", case, language,
        ("rule", "reading", "because", "source", "mark"),
        [
            (
                say(f"cases.rule.{each.rule}", language), say(f"cases.answer.{each.answer}", language),
                each.text.to(language), *_rests_on(each, numbers),
            )
            for each in case.rules
        ],
        pd.DataFrame([(each.rule, each.answer, *_reading_data(case, each)) for each in case.rules],
                     columns=["rule", "answer", *_READING]),
        widths=(2.0, 1.5, 6.0, 0.9, 0.8),
    )  # fmt: skip


def _timeline_figure(case: Case, language: str) -> Figure:
    return Figure(
        id=f"timeline-figure-{case.case}",
        caption=say("cases.timeline", language, case=case.title),
        alt=timeline_alt(case, language),
        png=timeline_figure(case, language),
        notes=(say("cases.figure.timeline", language),),
        marked=False,
    )


def _timeline(case: Case, numbers: Mapping[str, int], language: str) -> Table:
    events = _by_year(case.timeline)
    return _table(
        f"timeline-{case.case}", "timeline", case, language,
        ("year", "event", "source", "mark"),
        [
            (year_words(each, language), each.text.to(language), _numbered(each.source, numbers), each.mark)
            for each in events
        ],
        pd.DataFrame([(*_when(each), each.about, *_texts(each.text), case.citation(each, "en"), each.mark) for each in events],
                     columns=[*_WHEN, "about", "text_nl", "text_en", "source", "mark"]),
        widths=(1.7, 7.0, 0.9, 0.8),
    )  # fmt: skip


def _network(case: Case, language: str) -> Figure:
    return Figure(
        id=f"network-{case.case}",
        caption=say("cases.network", language, case=case.title),
        alt=network_alt(case, language),
        png=network_figure(case, language),
        notes=(say("cases.figure.network", language),),
        marked=False,
    )


def _actors(case: Case, numbers: Mapping[str, int], language: str) -> Table:
    """Parties with what they do for others; the data hold one row per tie, and one per party without any."""
    names = {actor.code: actor.name for actor in case.actors}
    rows: list[tuple[Inline, ...]] = []
    data: list[tuple[object, ...]] = []
    for actor in case.actors:
        ties = [relation for relation in case.relations if relation.start == actor.code]
        told = "; ".join(f"{names[tie.to].to(language)}: {_tie(tie, language)}" for tie in ties)
        used = dict.fromkeys([*actor.source, *(key for tie in ties for key in tie.source)])
        rows.append(
            (
                (Span(actor.name.to(language), strong=True), f", {say(f'cases.kind.{actor.kind}', language)}"),
                actor.role.to(language), told or say("cases.none", language), _numbered(tuple(used), numbers),
                ", ".join(sorted({actor.mark, *(tie.mark for tie in ties)}, key="PSDU".index)),
            )
        )  # fmt: skip
        own = (actor.code, *_texts(actor.name), actor.kind, *_texts(actor.role))
        data += [
            (*own, tie.kind, tie.to, tie.since, tie.until, case.citation(tie, "en"), tie.mark) for tie in ties
        ] or [(*own, None, None, None, None, case.citation(actor, "en"), actor.mark)]
    frame = pd.DataFrame(data, columns=["actor", "name_nl", "name_en", "kind", "role_nl", "role_en", "relation", "to",
                                        "since", "until", "source", "mark"])  # fmt: skip
    return _table(
        f"actors-{case.case}", "actors", case, language, ("actor", "role", "ties", "source", "mark"), rows,
        frame.astype({"since": "Int64", "until": "Int64"}), widths=(2.4, 3.8, 3.2, 1.0, 0.8),
    )  # fmt: skip


def _money(case: Case, numbers: Mapping[str, int], language: str) -> Table:
    entries = _by_year(case.funding)
    return _table(
        f"money-{case.case}", "money", case, language,
        ("year", "money", "amount", "public", "source", "mark"),
        [
            (
                year_words(each, language), each.text.to(language), _amount(each, language),
                say("cases.none", language) if each.public is None else per_cent(each.public, language),
                _numbered(each.source, numbers), each.mark,
            )
            for each in entries
        ],
        pd.DataFrame(
            [
                (*_when(each), each.about, each.amount, each.yearly, each.public, *_texts(each.text),
                 case.citation(each, "en"), each.mark)
                for each in entries
            ],
            columns=[*_WHEN, "about", "amount_eur", "yearly", "public_share", "text_nl", "text_en", "source", "mark"],
        ),
        widths=(1.6, 5.2, 1.7, 1.0, 0.9, 0.8),
        align="llrrcc",
    )  # fmt: skip


def _episode(case: Case, place: int, language: str) -> Inline:
    episode = case.episodes[place]
    kind = say(f"cases.episode.{episode.kind}", language)
    after = say("cases.after", language, text=episode.changed)
    return (
        Span(f"{episode.title.to(language)} ({year_words(episode, language)}; {kind}).", strong=True),
        f" {episode.text.to(language)} {after} ",
        Span(say("cases.marked", language, mark=episode.mark), emphasis=True),
    )


def _step(step: Happening, language: str) -> Inline:
    return (
        f"{year_words(step, language)}: {step.text.to(language)} ",
        Span(say("cases.marked", language, mark=step.mark), emphasis=True),
    )


def _lead(key: str, language: str) -> Paragraph:
    return Paragraph((Span(say(f"cases.{key}", language), strong=True),))


_READING = ("known", "text_nl", "text_en", "source", "mark")
_WHEN = ("year", "until", "exactness")


def _table(
    name: str, key: str, case: Case, language: str, header: Sequence[str], rows: Sequence[tuple[Inline, ...]],
    data: pd.DataFrame, *, widths: tuple[float, ...], align: str = "",
) -> Table:  # fmt: skip
    return Table(
        id=name,
        caption=say(f"cases.{key}", language, case=case.title),
        header=tuple(say(f"cases.column.{column}", language) for column in header),
        rows=tuple(rows),
        data=data,
        widths=widths,
        align=align or "l" * (len(header) - 2) + "cc",
        marked=False,
    )


def _known(reading: Reading, language: str) -> str:
    text = reading.text.to(language)
    return text if reading.known else say("cases.not_known", language, text=text)


def _rests_on(reading: Reading, numbers: Mapping[str, int]) -> tuple[str, str]:
    return _numbered(reading.source, numbers), reading.mark or "–"


def _reading_data(case: Case, reading: Reading) -> tuple[object, ...]:
    sources = "; ".join(case.sources[key].located("en") for key in reading.source)
    return reading.known, *_texts(reading.text), sources, reading.mark


def _texts(text: Text) -> tuple[str, str]:
    return text.get("nl", ""), text.get("en", "")


def _when(entry: Dated) -> tuple[object, ...]:
    return entry.year, entry.until, entry.exactness


def _numbered(keys: Sequence[str], numbers: Mapping[str, int]) -> str:
    return ", ".join(str(number) for number in sorted(numbers[key] for key in keys)) or "–"


def _by_year(entries: Sequence[Moment]) -> list[Moment]:
    return sorted(entries, key=lambda entry: entry.order)


def _tie(tie: Relation, language: str) -> str:
    kind = say(f"cases.relation.{tie.kind}", language)
    if tie.since is None:
        return kind
    if tie.until is None:
        return say("cases.since", language, kind=kind, since=str(tie.since))
    years = str(tie.since) if tie.until == tie.since else f"{tie.since}–{tie.until}"
    return say("cases.during", language, kind=kind, years=years)


def _amount(entry: Funding, language: str) -> str:
    if entry.amount is None:
        return say("cases.none", language)
    amount = number(entry.amount, language, 0)
    return say("cases.yearly", language, amount=amount) if entry.yearly else amount
