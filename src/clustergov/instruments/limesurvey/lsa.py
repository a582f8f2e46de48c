"""The structure in a LimeSurvey archive (.lsa): a zip of the .lss with responses, participants and timings."""

from __future__ import annotations

from collections import Counter

from clustergov.instruments.archive import members
from clustergov.instruments.exchange import LARGEST, Notes
from clustergov.problems import InputError, Problem

_KINDS = {
    "lsr": "responses", "lst": "participants (names and addresses)", "lsi": "timings", "lss": "structures",
}  # fmt: skip


def structure_in(content: bytes, file: str, notes: Notes) -> bytes:
    """The .lss in the bytes of an archive; what else is in it is noted and not looked at: it holds personal data.

    Raises
    ------
    InputError
        It is no archive, damaged, encrypted or too large when unpacked, or does not hold one structure.
    """
    found = members(content, file, wanted="a LimeSurvey archive (.lsa)")
    structures = [name for name in found if _kind(name) == "lss"]
    if len(structures) != 1:
        message = f"expected an archive with one structure (.lss), found {len(structures) or 'none'}."
        fix = "Export it again: Export → Survey archive (.lsa), or give the .lss itself."
        raise InputError(Problem("limesurvey-archive", message, fix, file=file))
    others = Counter(_KINDS.get(_kind(name), "other files") for name in found if name != structures[0])
    if others:
        shown = ", ".join(f"{what} ({count} file{'s' if count > 1 else ''})" for what, count in sorted(others.items()))
        message = f"besides the structure the archive holds {shown}; they may tell of persons and were not looked at."
        notes.add("limesurvey-archive", message, place="archive")
    structure = found[structures[0]]
    if len(structure) > LARGEST:
        message = f"expected a structure of at most {LARGEST:,} bytes in the archive, found {len(structure):,}."
        raise InputError(Problem("too-large", message, "Check that it is the right file.", file=file))
    if not structure.strip():
        message = "the structure (.lss) in the archive is empty."
        raise InputError(Problem("empty-file", message, "Export it again.", file=file))
    return structure


def _kind(name: str) -> str:
    return name.rpartition(".")[2].lower() if not name.startswith("__MACOSX/") else ""
