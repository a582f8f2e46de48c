"""The ZIP around a project: read within bounds and never unpacked to the disk, written the same byte for byte."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath

from clustergov.problems import InputError, Problem

LARGEST = 512 * 1024 * 1024
"""Bytes of a whole package; recordings belong beside it."""
MOST_ENTRIES = 20_000
LARGEST_TEXT = 64 * 1024 * 1024
LARGEST_TOTAL = 512 * 1024 * 1024
"""Bytes that are unpacked altogether: the project and its texts, never pictures or recordings."""
HIGHEST_RATIO = 200
"""Unpacked bytes for one packed byte, in entries of more than a megabyte: text compresses three to ten times."""

_TIME = (1980, 1, 1, 0, 0, 0)
_OUTSIDE = re.compile(r"^(?:[/\\]|[A-Za-z]:)|(?:^|[/\\])\.\.(?:[/\\]|$)")


class Package:
    """A package that was opened; entries are looked up by name, whatever the spelling of their folder.

    Raises
    ------
    InputError
        It is no ZIP, holds too much, or an entry that would land outside the folder that it is unpacked into.
    """

    def __init__(self, content: bytes, file: str) -> None:
        self.file = file
        self._unpacked = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, UnicodeError) as error:
            raise self._refusal("refi-package", f"expected a .qdpx, a ZIP file, found something else: {error}",
                                "Export the project again; a download that stopped half-way looks like this.") from None  # fmt: skip
        entries = [entry for entry in self._zip.infolist() if not entry.is_dir()]
        if len(entries) > MOST_ENTRIES:
            raise self._refusal("refi-bomb", f"expected at most {MOST_ENTRIES:,} files in it, found {len(entries):,}",
                                "Check where it comes from.")  # fmt: skip
        for entry in entries:
            if _OUTSIDE.search(entry.filename) or "\0" in entry.orig_filename:
                raise self._refusal("refi-outside", f"an entry points outside the package: {entry.filename[:80]!r}",
                                    "Nothing of it was read: check where it comes from.")  # fmt: skip
        self._entries: dict[str, list[zipfile.ZipInfo]] = {}
        for entry in entries:
            self._entries.setdefault(entry.filename.replace("\\", "/").casefold(), []).append(entry)
        self.root, self.project = self._project()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all files in it."""
        return tuple(entry.filename for same in self._entries.values() for entry in same)

    def _project(self) -> tuple[str, str]:
        """The folder (in lower case, ending in a slash unless it is the root) and name of the one .qde."""
        found = [name for name in self._entries if name.endswith(".qde") and "__macosx/" not in name]
        top = min((name.count("/") for name in found), default=0)
        found = [name for name in found if name.count("/") == top]
        chosen = [name for name in found if name.rpartition("/")[2] == "project.qde"] or found
        if len(chosen) != 1:
            what = "none" if not chosen else f"{len(chosen)}: {', '.join(sorted(chosen))[:120]}"
            raise self._refusal("refi-no-project", f"expected one project file (.qde) in the package, found {what}",
                                "Export the project again.")  # fmt: skip
        return chosen[0].rpartition("/")[0] + "/" * ("/" in chosen[0]), chosen[0]

    def project_xml(self) -> bytes:
        """The bytes of the project file."""
        return self._read(self.project)

    def source(self, name: str) -> bytes | None:
        """The bytes of a source by its file name; None when it is not there.

        Raises
        ------
        InputError
            It is there twice, is damaged or locked, or is larger than a text can be.
        """
        plain = PurePosixPath(name.replace("\\", "/")).name.casefold()
        for place in (f"{self.root}sources/{plain}", f"{self.root}{plain}"):
            if plain and place in self._entries:
                return self._read(place)
        return None

    def _read(self, place: str) -> bytes:
        entries = self._entries[place]
        if len(entries) > 1:
            raise self._refusal("refi-entry-twice", f"the package holds “{entries[0].filename}” {len(entries)} times",
                                "Which one counts cannot be known: export the project again.")  # fmt: skip
        entry = entries[0]
        most = min(LARGEST_TEXT, LARGEST_TOTAL - self._unpacked)
        try:
            with self._zip.open(entry) as stream:
                # Its header may say anything: what counts is what comes out.
                content = stream.read(most + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            RuntimeError,
            NotImplementedError,
            OSError,
            EOFError,
            ValueError,
        ) as error:
            raise self._refusal("refi-damaged", f"“{entry.filename}” in the package cannot be read: {error}",
                                "Export the project again, without a password.") from None  # fmt: skip
        packed = max(1, entry.compress_size)
        if len(content) > most or (len(content) > 1_000_000 and len(content) / packed > HIGHEST_RATIO):
            raise self._refusal("refi-bomb", f"“{entry.filename}” grows from {packed:,} to over {len(content):,} bytes",
                                "No text does that: check where it comes from.")  # fmt: skip
        self._unpacked += len(content)
        return content

    def _refusal(self, rule: str, message: str, fix: str) -> InputError:
        return InputError(Problem(rule, message.rstrip(".") + ".", fix, file=self.file))


def pack(files: Mapping[str, bytes]) -> bytes:
    """A package of these files in this order; equal files give equal bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            package.writestr(entry, data, compresslevel=6)
    return content.getvalue()
