"""Pseudonyms: a list of real names that stays with the researcher, and texts in which none of them survives.

No function here writes or prints a real name: problems count the entries of the list and name the place.
"""

from __future__ import annotations

import re
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import Field, field_validator

from clustergov.casestudies.documents.passage import line_and_column
from clustergov.problems import InputError, Problem
from clustergov.yaml_file import Entry
from clustergov.yaml_file import read as read_yaml

FILE = "pseudonyms.yml"
"""Beside the codebook; git must ignore it."""

# A name may be broken at a line end by a hyphen, or at any place by a soft hyphen.
_BREAK = r"(?:\u00ad|-[ \t]*\n\s*)?"
_ESCAPED = (".yml", ".yaml", ".json", ".jsonl")
_BLANK = r"[\s.,_\u00a0-]*"  # also none: JandeVries in an address, which is then told as perhaps a name
# Dutch surnames are written short: Van der Meer, v.d. Meer, vd Meer, v/d Meer.
_SHORTENED = {("van", "der"), ("van", "den"), ("van", "de")}
# Letters that no accent was added to, and what they are written as where a keyboard lacks them.
_PLAIN = {"ß": "ss", "ẞ": "SS", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th",
          "Þ": "Th", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ı": "i"}  # fmt: skip
_PREFIXES = frozenset(
    [
        "de",
        "den",
        "der",
        "het",
        "van",
        "ter",
        "ten",
        "te",
        "tot",
        "op",
        "in",
        "aan",
        "bij",
        "uit",
        "la",
        "le",
        "el",
        "al",
        "di",
        "da",
    ]
)
_WITH_E = "äöüøÄÖÜØ"
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff"
_HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2212"
_OWNED = r"(?:['’‘`´]?s\b|['’‘`´])?"


class Pseudonym(Entry):
    """One person, organisation or place.

    Attributes
    ----------
    real : str
    pseudonym : str
        What stands in the text instead, best in brackets: ``[manager 1]``.
    also : tuple of str
        Other ways in which it is written: a first name, an abbreviation, a nickname.
    any_case : bool
        Also a single word in lower case counts, as in a transcript made by a machine. By default it does not, since
        names such as De Groot or Bos are also words.
    """

    real: str = Field(min_length=2, repr=False)
    pseudonym: str = Field(min_length=1)
    also: tuple[str, ...] = Field(default=(), repr=False)
    any_case: bool = False

    @field_validator("also")
    @classmethod
    def _long_enough(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if any(len(name.strip()) < 2 for name in names):
            raise ValueError("expected names of at least two letters")
        return names


class PseudonymList(Entry):
    """The file ``pseudonyms.yml``."""

    pseudonyms: tuple[Pseudonym, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A listed name in a text: which entry (from 0) and where; `sure` is False for a single word in lower case, and for
    words that are written as one."""

    entry: int
    start: int
    end: int
    sure: bool


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """The names of a study, ready to be looked for.

    Attributes
    ----------
    entries : tuple of Pseudonym
    """

    entries: tuple[Pseudonym, ...] = field(default=(), repr=False)

    def apply(self, text: str) -> tuple[str, int]:
        """The text with every listed name replaced, and how many were; endings (``’s``, ``’``) stay."""
        written, last = [], 0
        found = [named for named in self.find(text) if named.sure]
        for named in found:
            written += [text[last : named.start], self.entries[named.entry].pseudonym]
            last = named.end
        return "".join([*written, text[last:]]), len(found)

    def find(self, text: str) -> tuple[Named, ...]:
        """Every place where a listed name stands: whatever its capitals, accents or apostrophes, also broken over lines.

        Of a name of several words also the forms with an initial (J. de Vries), with the surname first (Vries, Jan de)
        and with a shortened prefix (v.d. Meer) count.
        """
        if not self.entries:
            return ()
        folded, offsets = _folded(text)
        found = []
        for match in self._pattern().finditer(folded):
            entry, name = self._entry_of(match)
            start, end = offsets[match.start("name")], offsets[match.end("name") - 1] + 1
            while end < len(text) and unicodedata.combining(text[end]):
                end += 1
            found.append(Named(entry, start, end, self._sure(entry, name, text[start:end])))
        return tuple(found)

    def _sure(self, entry: int, form: str, written: str) -> bool:
        listed, words = self.entries[entry], [word for word in _words(form) if word.casefold() not in _PREFIXES]
        if listed.any_case or form[0].islower():
            return True
        if len(_words(form)) > 1 and len(_words(written)) == 1:
            return False
        # De Groot is one word with its article, and in lower case no name; a form made here starts with a capital.
        given = len(words) > 1 and form in (listed.real, *listed.also)
        return given or not (written.islower() or (written[0].islower() and form not in (listed.real, *listed.also)))

    def _names(self) -> list[tuple[int, str]]:
        names = [
            (number, form)
            for number, entry in enumerate(self.entries)
            for name in (entry.real, *entry.also)
            for form in _forms(name)
        ]
        return sorted(names, key=lambda pair: -len(pair[1]))

    def _pattern(self) -> re.Pattern[str]:
        parts = [f"(?P<n{place}>{_expression(name)})" for place, (_, name) in enumerate(self._names())]
        # Most places fail at their first letter; without that look ahead each name would be tried everywhere.
        initials = "".join(sorted({re.escape(_folded(name.strip())[0][:1]) for _, name in self._names()}))
        # A name ends where no letter follows, except an ending that shows possession.
        return re.compile(
            rf"(?<![^\W_])(?=[{initials}])(?P<name>{'|'.join(parts)})(?={_OWNED}(?![^\W_]))", re.IGNORECASE
        )

    def _entry_of(self, match: re.Match[str]) -> tuple[int, str]:
        names = self._names()
        return names[next(place for place in range(len(names)) if match.group(f"n{place}") is not None)]


def read_pseudonyms(path: Path | str) -> Pseudonyms:
    """Read the list of names; a file that is not there is an empty list.

    Raises
    ------
    InputError
        It is wrong, or lies in a git repository that would take it in. No message repeats a name.
    """
    path = Path(path)
    if not path.exists():
        return Pseudonyms()
    try:
        listed, positions = read_yaml(path, PseudonymList, wanted="a list of pseudonyms")
    except InputError as error:
        raise InputError([_without_values(problem) for problem in error.problems]) from None
    problems = []
    if not _ignored(path):
        problems.append(
            Problem("names-in-git", "git would take in this list of real names.",
                    f"Write its name, {path.name}, into .gitignore, and take it out of git if it is there.", file=str(path))
        )  # fmt: skip
    pseudonyms = Pseudonyms(listed.pseudonyms)
    for index, entry in enumerate(listed.pseudonyms):
        if pseudonyms.find(entry.pseudonym):
            problems.append(
                positions.problem(("pseudonyms", index, "pseudonym"), "pseudonym-names",
                                  "the pseudonym holds a real name of this list.", "Choose a role and a number.")
            )  # fmt: skip
    if problems:
        raise InputError(problems)
    return pseudonyms


def surviving_names(folder: Path, pseudonyms: Pseudonyms) -> tuple[Problem, ...]:
    """Every place in the files of the case studies, whatever they are for, where a listed name still stands.

    Parameters
    ----------
    folder : Path
        Every text file under it is read, except the list itself.
    """
    found = []
    for path in sorted(folder.rglob("*")):
        if path.name == FILE or not path.is_file() or not pseudonyms.entries:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, OSError):
            continue
        found += list(_survivors(text, path, pseudonyms))
        found += [
            Problem("name-in-file-name", f"the name of the file holds name {named.entry + 1} of {FILE}.", "Rename it.",
                    file=str(path.parent), severity="error")
            for named in pseudonyms.find(path.stem.replace("_", " ")) if named.sure
        ]  # fmt: skip
    return tuple(found)


def _survivors(text: str, path: Path, pseudonyms: Pseudonyms) -> Iterator[Problem]:
    # In YAML and JSON a line end within a text is written as two characters; a name may stand on either side of it.
    for named in pseudonyms.find(text.replace("\\n", "\n ") if path.suffix in _ESCAPED else text):
        line, column = line_and_column(text, named.start)
        yield Problem(
            "name-survives" if named.sure else "name-perhaps",
            f"{'' if named.sure else 'perhaps '}name {named.entry + 1} of {FILE} stands here.",
            "Write its pseudonym." if named.sure else "See whether the person is meant.",
            file=str(path), line=line, column=column, severity="error" if named.sure else "warning",
        )  # fmt: skip


def counts(pseudonyms: Pseudonyms, text: str) -> Counter[str]:
    """How often each pseudonym would be put in."""
    return Counter(pseudonyms.entries[named.entry].pseudonym for named in pseudonyms.find(text) if named.sure)


def _without_values(problem: Problem) -> Problem:
    """What is wrong with the list, without what it holds."""
    return Problem(
        problem.rule, "the list of names is not of the form it should have here (what stands there is not repeated).",
        "Under `pseudonyms`, each entry has `real` and `pseudonym`, and perhaps `also` and `any case`.",
        file=problem.file, line=problem.line, column=problem.column,
    )  # fmt: skip


def _ignored(path: Path) -> bool:
    """Whether git leaves a file alone; so where there is no git or no repository."""
    try:
        inside = subprocess.run(
            ["git", "rev-parse", "--is-inside-work-tree"], cwd=path.parent, capture_output=True, check=False
        )
        if inside.returncode != 0:
            return True
        asked = ["git", "check-ignore", "--quiet", path.name]
        return subprocess.run(asked, cwd=path.parent, capture_output=True, check=False).returncode == 0
    except OSError:
        return True


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[\s.,_\u00a0-]+", "".join(map(_one_hyphen, name))) if word]


def _forms(name: str) -> list[str]:
    """A name, and of several words as they stand with an initial or behind the surname; hyphens part no first name."""
    words = [word for word in re.split(r"[\s.\u00a0]+", name) if word]
    if len(words) < 2 or len(words[0]) < 2 or not words[0][0].isupper() or words[0].casefold() in _PREFIXES:
        return [name]
    first, rest, last = words[0], words[1:-1], words[-1]
    short = [" ".join((first[0], *rest, last))]
    behind = [" ".join((last, given, *rest)) for given in (first, first[0])]
    return [name, *(form for form in short + behind if len(last) > 1)]


def _expression(name: str) -> str:
    words = _words(name)
    parts: list[str] = []
    while words:
        if tuple(word.casefold() for word in words[:2]) in _SHORTENED and len(words) > 2:
            whole = _BLANK.join(_letters(word) for word in words[:2])
            parts.append(rf"(?:{whole}|v[\s.]*/?[\s.]*d)")
            words = words[2:]
        else:
            parts.append(_letters(words[0]))
            words = words[1:]
    return _BLANK.join(part for part in parts if part)


def _letters(word: str) -> str:
    return _BREAK.join(
        re.escape(plain) + ("e?" if letter in _WITH_E else "")
        for letter in unicodedata.normalize("NFC", word)
        for plain in _folded(letter)[0]
    )


def _one_hyphen(character: str) -> str:
    return "-" if character in _HYPHENS else character


def _folded(text: str) -> tuple[str, list[int]]:
    """The text without accents and with one kind of apostrophe and hyphen, and for each of its characters the offset in `text`."""
    letters: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        if character in _UNSEEN:
            continue
        plain = character if character.isascii() else unicodedata.normalize("NFKD", _PLAIN.get(character, character))
        for letter in plain:
            if letter.isascii() or not unicodedata.combining(letter):
                letters.append("'" if letter in "’‘`´ʼ" else _one_hyphen(letter))
                offsets.append(offset)
    return "".join(letters), offsets
