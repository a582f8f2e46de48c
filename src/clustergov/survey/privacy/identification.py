"""By what a person is known in a study: pseudonym, ids of responses, personal access codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from clustergov.problems import InputError
from clustergov.survey.collection.linked import FILE as LINKED
from clustergov.survey.privacy.key_file import KeyFile
from clustergov.survey.privacy.pseudonym import is_pseudonym
from clustergov.survey.privacy.study_files import SurveyFiles
from clustergov.survey.privacy.traces import Traces, kind_of, rows_of, tokens_in

_NAMES = ("pseudonym", "pseudoniem", "id")


def identify(
    files: SurveyFiles, who: str, *, key: KeyFile | None = None, collected: Mapping[str, str] | None = None,
    by_token: bool = False, responses: Iterable[str] = (),
) -> Traces:  # fmt: skip
    """By what a person is known.

    Parameters
    ----------
    who : str
        Pseudonym, or id of a response.
    collected : mapping of str to str
        What the survey software knows: token or id of a response → pseudonym.
    by_token : bool
        Whether these are tokens.
    responses : iterable of str
        Ids of responses that are known to be theirs.
    """
    tokens, numbers = _linked(files)
    (tokens if by_token else numbers).update(collected or {})
    known = {*tokens.values(), *numbers.values(), *(key.pseudonyms if key else ()), *_in_people(files)}
    if is_pseudonym(who) or who in known:
        traces = Traces(pseudonym=who)
    else:
        traces = Traces(pseudonym=numbers.get(who, ""), responses=frozenset({who}))
    traces = traces.with_(responses=responses)
    while True:
        further = traces.with_(
            tokens=[*_of(tokens, traces.pseudonym), *_tokens(files, traces)], responses=_of(numbers, traces.pseudonym)
        )
        further = _expanded(files, further)
        if not further.pseudonym:
            found = [
                *(tokens.get(each, "") for each in further.tokens),
                *(numbers.get(each, "") for each in further.responses),
            ]
            further = replace(further, pseudonym=next(filter(None, found), ""))
        if further == traces:
            return traces
        traces = further


def _linked(files: SurveyFiles) -> tuple[dict[str, str], dict[str, str]]:
    """What fetching noted: token → pseudonym, and id of a response → pseudonym."""
    tokens: dict[str, str] = {}
    numbers: dict[str, str] = {}
    for path in files.tables():
        if path.name == LINKED:
            for row in _rows(path):
                (tokens if "token" in row else numbers)[row.get("token", row.get("response", ""))] = row.get(
                    "pseudonym", ""
                )
    return tokens, numbers


def _of(known: Mapping[str, str], pseudonym: str) -> list[str]:
    return [name for name, borne in known.items() if pseudonym and borne == pseudonym]


def _tokens(files: SurveyFiles, traces: Traces) -> Iterator[str]:
    """The codes of their personal links."""
    for path in files.tables():
        for row in _rows(path):
            if kind_of(path, row) == "people" and traces.own(row, "people"):
                yield from tokens_in(row)


def known_to_others(files: SurveyFiles, key: KeyFile | None, collected: Mapping[str, str]) -> frozenset[str]:
    """Every pseudonym that somebody has."""
    return frozenset({*collected.values(), *(key.pseudonyms if key else ()), *_in_people(files)})


def _in_people(files: SurveyFiles) -> set[str]:
    """Pseudonyms in frames and lists of people."""
    found: set[str] = set()
    for path in files.tables():
        for row in _rows(path):
            if kind_of(path, row) == "people":
                found |= {cell for name, cell in row.items() if name.casefold() in _NAMES}
    return found - {""}


def _rows(path: Path) -> list[Mapping[str, str]]:
    try:
        return [row for _, row in rows_of(path.read_bytes(), path) if row is not None]
    except (InputError, OSError):
        return []  # what is no table is told when it is to be changed


def _expanded(files: SurveyFiles, traces: Traces) -> Traces:
    """With the ids of the raw rows that bear their tokens, and the tokens of the raw rows that bear their ids."""
    rows: list[Mapping[str, str]] = []
    for store, entries in files.stores():
        for entry in entries:
            if content := files.raw(store, entry):
                rows += [row for _, row in rows_of(content, store.folder / entry.file) if row is not None]
    while True:
        own = [row for row in rows if traces.own(row, "raw")]
        further = traces.with_(
            responses=(row.get("id", "") for row in own), tokens=(row.get("token", "") for row in own)
        )
        if further == traces:
            return traces
        traces = further
