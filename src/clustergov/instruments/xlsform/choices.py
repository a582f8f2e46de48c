"""Lists of choices as scales and as items."""

from __future__ import annotations

from clustergov.instruments.exchange import Notes
from clustergov.instruments.ordered_scale import no_answer, recognise
from clustergov.instruments.questionnaire import Item, Option, Scale
from clustergov.instruments.rules.answers import OTHER_CODES
from clustergov.instruments.xlsform.cells import sentence
from clustergov.instruments.xlsform.columns import Line
from clustergov.instruments.xlsform.form import Form
from clustergov.instruments.xlsform.wording import Wording
from clustergov.language import Text

OTHER = "other"
"""The choice that “or_other” adds (pyxform)."""


class Choices:
    """Reads lists; asked twice for the same scale it gives the same name."""

    def __init__(self, form: Form, wording: Wording, notes: Notes) -> None:
        self.scales: dict[str, Scale] = {}
        self._form = form
        self._wording = wording
        self._notes = notes
        self._told: set[tuple[str, int]] = set()

    def scale(self, name: str, *, other: bool = False, ordered: bool = True) -> str:
        """The name of the scale that a list is."""
        options = [
            Option(code=code, text=text, blank=no_answer(text) if ordered else None) for code, text in self.codes(name)
        ]
        if other and OTHER_CODES.isdisjoint(option.code.casefold() for option in options):
            options.append(Option(code=OTHER, text=sentence("xlsform.other", self._wording.languages)))
        order = recognise([option.text for option in options if option.code != OTHER])
        return self._named(name, Scale(direction=order.direction if ordered else "none", options=tuple(options)))

    def confirmation(self) -> str:
        """The scale of a question that is only to be confirmed; ODK stores “OK”."""
        return self._named(
            "OK", Scale(direction="none", options=(Option(code="OK", text=self._wording.everywhere("OK")),))
        )

    def keep(self, name: str, scale: Scale) -> str:
        """Take over a scale that is known from elsewhere."""
        return self._named(name, scale)

    def items(self, name: str, *, without: frozenset[str] = frozenset()) -> tuple[Item, ...]:
        """The items that a list is."""
        return tuple(Item(code=code, text=text) for code, text in self.codes(name) if code not in without)

    def codes(self, name: str) -> list[tuple[str, Text]]:
        """Codes and texts of a list, each code once."""
        found: dict[str, Text] = {}
        for line in self._form.lists.get(name, ()):
            code = line.take("name")
            text = self._wording.text(line, "label")
            if code in found:
                self._tell_twice(name, code, line)
            else:
                found[code] = text or self._wording.everywhere(code)
                if text is None and self._new(name, line):
                    self._notes.add("xlsform-no-words", f"the choice “{code}” has no label; its name stands there.",
                                    place=line.place("label"), line=line.number)  # fmt: skip
        return list(found.items())

    def _tell_twice(self, name: str, code: str, line: Line) -> None:
        if self._new(name, line):
            message = f"the choice “{code}” of “{name}” stands twice; the first one is kept."
            self._notes.add("xlsform-choice", message, place=line.place("name"), line=line.number)

    def _new(self, name: str, line: Line) -> bool:
        """Whether nothing was told of this line before."""
        key = (f"{name} {line.sheet}", line.number)
        self._told.add(key) if (new := key not in self._told) else None
        return new

    def _named(self, wanted: str, scale: Scale) -> str:
        name, count = wanted, 2
        while name in self.scales and self.scales[name] != scale:
            name, count = f"{wanted}r{count}", count + 1
        self.scales[name] = scale
        return name
