"""How the offsets of a project were read, and how well its selections then hold the words in their names."""

from __future__ import annotations

from collections import Counter

from clustergov.casestudies.exchange.elements import counted
from clustergov.casestudies.exchange.offsets import Placed
from clustergov.instruments.exchange import Notes, listed


class Readings:
    """The texts of one project that can be counted in more than one way.

    Parameters
    ----------
    notes : Notes
        Gathers what is doubted.
    origin : str
        The program that wrote the file, as the file says.
    """

    def __init__(self, notes: Notes, origin: str) -> None:
        self.notes, self.origin = notes, origin
        self._agreeing: Counter[str] = Counter()
        self._read: dict[str, list[tuple[str, Placed]]] = {}

    def take(self, raw: str, placed: Placed, name: str) -> None:
        """Note what is odd about one text, and keep how its offsets were counted."""
        self._agreeing.update(named=placed.named, agreeing=placed.agreeing)
        odd = raw.startswith("\ufeff") or "\r\n" in raw or placed.counting.inclusive or placed.counting.utf16
        if odd and placed.places:
            self._read.setdefault(placed.counting.words(raw), []).append((name, placed))
        if placed.named and not placed.agreeing:
            self.notes.add("refi-names", f"the names of {placed.named} selections are none of their words, so offsets could "
                           "not be checked by them.", place=name)  # fmt: skip
        elif placed.agreeing < placed.named:
            wrong = placed.named - placed.agreeing
            self.notes.add(
                "refi-words", f"{counted(wrong, 'selection')} of {placed.named} with a name do not hold the words in it.",
                place=name, fix="Look at them; the name may be somebody's own, or the text was changed after coding.",
            )  # fmt: skip
        if placed.split:
            self.notes.add("refi-split", f"{counted(placed.split, 'selection')} began or ended inside a character; widened.", place=name)  # fmt: skip

    def say(self) -> None:
        """Note what texts that were counted alike have in common, and how well offsets fit."""
        for words, texts in self._read.items():
            named, agreeing, second = (
                sum(getattr(placed, part) for _, placed in texts) for part in ("named", "agreeing", "second")
            )
            other = f"at best {second} otherwise" if second < agreeing else "another reading fits nearly as well"
            because = f"{agreeing} of {named} selections with a name then hold the words in it, {other}"
            if not named:
                because = f"no selection has a name that would tell, and {self.origin or 'most programs'} count so"
            self.notes.add(
                "refi-counting",
                f"offsets were read with {words}: {because}.",
                place=listed([name for name, _ in texts]),
            )
        if self._agreeing["agreeing"]:
            self.notes.add(
                "refi-offsets",
                f"{self._agreeing['agreeing']} of {self._agreeing['named']} selections with a name hold the words in it.",
            )
