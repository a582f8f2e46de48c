"""Who of a list is in the key file already: known by pseudonym, by e-mail address, or by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from clustergov.problems import Problem
from clustergov.survey.privacy.key_file import KeyFile
from clustergov.survey.privacy.personal import is_email
from clustergov.survey.privacy.pseudonym import as_typed

Row = Mapping[str, str]


class Identity:
    """Finds the pseudonyms of who is known.

    Parameters
    ----------
    key_file : KeyFile
    written : str
        The list's own column of pseudonyms; empty where it has none.
    address : str
        Its column of e-mail addresses; empty where it has none.
    naming : sequence of str
        Its other columns that tell who somebody is.
    """

    def __init__(self, key_file: KeyFile, *, written: str, address: str, naming: Sequence[str]) -> None:
        self.written, self.address = written, address
        self._naming = tuple(name for name in naming if name not in (address, written))
        self._pseudonyms = key_file.pseudonyms
        self._by_email = {entry.email.casefold(): entry.pseudonym for entry in key_file.entries if entry.email}
        self._by_name: dict[tuple[str, ...], list[str]] = {}
        for entry in key_file.entries:
            self._by_name.setdefault(self._name(entry.cells), []).append(entry.pseudonym)

    def pseudonym(self, row: Row) -> str:
        """The pseudonym of who is in a row; empty for somebody new."""
        if self.written and row[self.written]:
            return as_typed(row[self.written])
        if email := self._email(row):
            return self._by_email.get(email, "")
        return (self._named(row) or [""])[0]

    def problems(self, rows: Sequence[tuple[int, Row]], file: str) -> Iterator[Problem]:
        """What would give one person two pseudonyms, or two persons one. Cells are personal and are not repeated."""
        found = [(f"row {number}", row, self.pseudonym(row)) for number, row in rows]
        counts = Counter(self._key(row) for _, row in rows)
        bearers = Counter(pseudonym for _, _, pseudonym in found if pseudonym)
        for place, row, pseudonym in found:
            for rule, message, fix in self._mistakes(row, pseudonym, counts[self._key(row)], bearers[pseudonym]):
                yield Problem(rule, message, fix, file=file, place=place)

    def _mistakes(self, row: Row, pseudonym: str, rows: int, bearers: int) -> Iterator[tuple[str, str, str]]:
        if self.address and row[self.address] and not is_email(row[self.address]):
            yield "email", f"expected an e-mail address under “{self.address}”, found something else.", "Correct it."
        if self.written and row[self.written] and pseudonym not in self._pseudonyms:
            fix = "Empty the cell, or name the key file that the pseudonym comes from."
            yield "unknown-pseudonym", "the key file does not know this pseudonym.", fix
        if rows > 1:
            by = "e-mail address" if self._email(row) else "name"
            fix = "Keep one row per person; two who share one need something of their own each."
            yield "person-twice", f"the same {by} stands in several rows.", fix
        elif bearers > 1:
            yield "person-twice", "the same pseudonym stands in several rows.", "Keep one row per person."
        if not self._email(row) and not (self.written and row[self.written]) and len(self._named(row)) > 1:
            fix = "Add the e-mail address, or a column “pseudonym” with the right one."
            yield "person-unclear", "the key file has several people of this name.", fix

    def _email(self, row: Row) -> str:
        return row[self.address].casefold() if self.address else ""

    def _name(self, cells: Row) -> tuple[str, ...]:
        return tuple(cells.get(name, "").casefold() for name in self._naming)

    def _named(self, row: Row) -> list[str]:
        name = self._name(row)
        return self._by_name.get(name, []) if any(name) else []

    def _key(self, row: Row) -> tuple[str, ...]:
        email = self._email(row)
        return ("email", email) if email else ("name", *self._name(row))
