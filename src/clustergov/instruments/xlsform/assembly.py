"""Walks down the survey sheet: which rows make up a question, and which questions a section."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from clustergov.instruments.exchange import Notes
from clustergov.instruments.questionnaire import Item, Question, Questionnaire, Scale, Section
from clustergov.instruments.xlsform.choices import Choices
from clustergov.instruments.xlsform.form import Field, Form
from clustergov.instruments.xlsform.kept import Kept, with_texts
from clustergov.instruments.xlsform.names import answer_rows
from clustergov.instruments.xlsform.questions import NOT_ASKED, Questions
from clustergov.instruments.xlsform.routes import Routes
from clustergov.instruments.xlsform.wording import Wording
from clustergov.language import Text

_GROUPED = ("array", "numbers", "texts")


class Assembly:
    """One reading of a form.

    Attributes
    ----------
    kept_questions : set of str
        Codes of the questions that were put together from the sheet `clustergov`.
    by_name : dict of str to Field
        The rows whose name occurs once.
    """

    def __init__(self, form: Form, wording: Wording, notes: Notes, kept: Kept | None, changed: frozenset[str]) -> None:
        self.form = form
        self.wording = wording
        self.notes = notes
        self.kept = kept
        self.sections: list[Section] = []
        self.welcome: Text | None = None
        self.closing: Text | None = None
        self.kept_questions: set[str] = set()
        counted = Counter(field.name for field in form.fields)
        self.by_name = {field.name: field for field in form.fields if counted[field.name] == 1}
        self.choices = Choices(form, wording, notes)
        self.questions = Questions(self.choices, wording, notes)
        self._changed = changed
        self._owners: dict[str, Question] = {}
        self._section_groups: dict[str, str] = {}
        self._words: dict[str, str] = {}
        self._taken: set[str] = set()
        self._codes: dict[int, str] = {}
        self._own()

    def scales(self) -> dict[str, Scale]:
        """The scales in the order of the sheet `clustergov`, then in that of the questions."""
        return self.choices.scales

    def _own(self) -> None:
        """Find the rows of questions that are kept and complete."""
        if self.kept is None:
            return
        names = self.kept.names
        for name, scale in self.kept.draft.scales.items():
            texts = dict(self.choices.codes(names.list(name)))
            if texts:
                self.choices.keep(name, with_texts(scale, texts))
        for section in self.kept.draft.sections:
            self._section_groups[names.row("section", section.code)] = section.code
            self._words[names.row("section text", section.code)] = section.code
            for question in section.questions:
                rows = list(self._rows(question))
                scales = {question.scale, *(item.scale for item in question.items)} - {""}
                whole = scales <= self.choices.scales.keys() and all(row in self.by_name for row in rows)
                if whole and question.code not in self._changed:
                    extra = [names.row(role, question.code) for role in ("sum", "total", "constraint")]
                    self._owners |= dict.fromkeys([*rows, *(row for row in extra if row in self.by_name)], question)
                    self._taken |= {question.code, *self._variables(question)}
        for role in ("welcome", "closing"):
            self._words[names.row(role)] = ""

    def _rows(self, question: Question) -> Iterator[str]:
        assert self.kept is not None  # only called for kept questions
        names = self.kept.names
        if question.kind in _GROUPED:
            yield names.row("group", question.code)
            yield names.row("text", question.code)
        yield from (names.row("answer", name) for name in answer_rows(question))

    def _variables(self, question: Question) -> list[str]:
        assert self.kept is not None  # only called for kept questions
        return [variable.name for variable in self.kept.draft.of(question.code)]

    def read(self, title: Text) -> None:
        """Make the sections; `title` is that of questions outside all groups."""
        runs: list[tuple[tuple[Field, ...], list[Question], Text | None]] = []
        done: set[str] = set()
        for field in self.form.fields:
            path = tuple(group for group in field.groups if group.name not in self._owners)
            if field.type.kind.startswith("begin ") and field.name not in self._owners:
                self._begin(field)
                continue
            words = self._kept_words(field)
            if words is None and (question := self._question(field, done)) is None:
                continue
            if not runs or runs[-1][0] != path:
                runs.append((path, [], None))
            if words is not None:
                if self._words.get(field.name):
                    runs[-1] = (path, runs[-1][1], words)
                elif not runs[-1][1]:
                    runs.pop()
            else:
                assert question is not None  # the loop went on above
                runs[-1][1].append(question)
        self._sections([run for run in runs if run[1] or run[2] is not None], title)

    def _begin(self, field: Field) -> None:
        if field.type.note:
            self.notes.add(
                "xlsform-type",
                f"“{field.name}”: {field.type.note}.",
                place=field.line.place("type"),
                line=field.line.number,
            )
        if field.type.kind == "begin repeat":
            message = f"“{field.name}” can be answered any number of times; here its questions stand once."
            self.notes.add("xlsform-repeat", message, place=field.line.place("type"), line=field.line.number)

    def _kept_words(self, field: Field) -> Text | None:
        """The text of a note that stands for a text of the questionnaire or of a section."""
        if (
            self.kept is None
            or field.type.kind != "note"
            or field.name not in self._words
            or field.name not in self.by_name
        ):
            return None
        if any(field.line.look(column) for column in ("relevant", "required", "appearance")):
            return None
        names = self.kept.names
        section = self._words[field.name]
        if section and not (field.groups and self._section_groups.get(field.groups[-1].name) == section):
            return None
        text = self.wording.text(field.line, "label")
        if field.name == names.row("welcome"):
            self.welcome = text
        elif field.name == names.row("closing"):
            self.closing = text
        return text

    def _question(self, field: Field, done: set[str]) -> Question | None:
        kept = self._owners.get(field.name)
        if kept is not None:
            if kept.code in done:
                return None
            done.add(kept.code)
            self.kept_questions.add(kept.code)
            return self._kept_question(kept)
        if field.type.kind in NOT_ASKED:
            self._leave_out(field)
            return None
        code = self._code(field)
        return self.questions.question(field, code, self._relevance(field))

    def _leave_out(self, field: Field) -> None:
        line = field.line
        said = [f"{heading}: {text[:300]}" for heading, text in line.left()]
        for key in line.cells:
            line.taken.add(key)
        details = f" ({'; '.join(said)})" if said else ""
        message = f"“{field.name}” ({line.look('type')}) is asked of nobody and is left out{details}."
        self.notes.add("xlsform-left-out", message, place=line.place("type"), line=line.number)

    def _kept_question(self, question: Question) -> Question:
        """The kept question with the texts of its rows."""
        assert self.kept is not None  # only called for kept questions
        names, code = self.kept.names, question.code
        main = self.by_name[names.row("text" if question.kind in _GROUPED else "answer", code)].line
        texts: dict[str, Text] = {}
        items = question.items
        if question.kind in _GROUPED:
            for item in items:
                line = self.by_name[names.row("answer", f"{code}_{item.code}")].line
                texts[item.code] = self.wording.required(line, "label", item.code)
        elif question.kind in ("multiple", "ranking"):
            texts = dict(self.choices.codes(names.items_list(code)))
            known = {item.code: item for item in items}
            listed = [
                each for each in texts if not (question.other and question.kind == "multiple" and each == "other")
            ]
            items = tuple(known.get(each, Item(code=each, text=texts[each])) for each in listed)
        items = tuple(item.model_copy(update={"text": texts[item.code]}) for item in items)
        return question.model_copy(
            update={
                "text": self.wording.required(main, "label", code), "items": items,
                "help": _without_unit(self.wording.text(main, "hint"), question.unit),
            }
        )  # fmt: skip

    def _code(self, field: Field) -> str:
        """A code by which no two answers are called the same."""
        names = {field.name}
        if field.type.kind in ("multiple", "ranking"):
            codes = list(dict.fromkeys(line.look("name") for line in self.form.lists.get(field.type.list, ())))
            names |= {f"{field.name}_{code}" for code in codes} if field.type.kind == "multiple" else set()
            names |= {f"{field.name}_{place}" for place in range(1, len(codes) + 1)}
        if field.type.other:
            names.add(f"{field.name}_other")
        code, count = field.name, 2
        while any(re.sub(f"^{re.escape(field.name)}", code, name) in self._taken for name in names):
            code, count = f"{field.name}q{count}", count + 1
        self._taken |= {code + name[len(field.name) :] for name in names}
        if code != field.name:
            self.notes.add("xlsform-code", f"the name “{field.name}” is already taken by another answer; it is “{code}” here.",
                           place=field.line.place("name"), line=field.line.number)  # fmt: skip
        self._codes[id(field)] = code
        return code

    def _relevance(self, field: Field) -> str:
        parts = []
        for each in (*field.groups, field):
            if each.name in self._owners:
                continue
            text = each.line.take("relevant").strip()
            if text and text.casefold() not in ("yes", "true", "true()"):
                parts.append(text)
        return parts[0] if len(parts) == 1 else " and ".join(f"({part})" for part in parts)

    def _sections(self, runs: list[tuple[tuple[Field, ...], list[Question], Text | None]], title: Text) -> None:
        taken: set[str] = set()
        for path, questions, words in runs:
            group = path[-1] if path else None
            wanted = self._section_groups.get(group.name, group.name) if group is not None else "form"
            code, count = wanted, 2
            while code in taken:
                code, count = f"{wanted}{count}", count + 1
            taken.add(code)
            texts = [self.wording.text(each.line, "label") for each in path]
            shown = next((text for text in reversed(texts) if text is not None), title)
            if (
                group is not None
                and group.name in self._section_groups
                and group.line.look("appearance") == "field-list"
            ):
                group.line.take("appearance")
            self.sections.append(Section(code=code, title=shown, text=words, questions=tuple(questions)))

    def finished(self, draft: Questionnaire) -> Questionnaire:
        """The draft with its conditions and constraints in the routing language, as far as they can be said in it."""
        rows = {field.name: self._codes[id(field)] for field in self.by_name.values() if id(field) in self._codes}
        if self.kept is not None:
            kept = {name: code for code, name in self.kept.names.answers() if name in self._owners}
            rows |= kept
        fields = {self._codes[id(field)]: field for field in self.form.fields if id(field) in self._codes}
        return Routes(draft, rows, fields, self.wording, self.notes).translated()


def _without_unit(hint: Text | None, unit: Text | None) -> Text | None:
    """What is left of a hint without the unit at its end."""
    if hint is None or unit is None:
        return hint
    found = {}
    for language, words in hint.items():
        ending = f"({unit[language]})" if language in unit else ""
        rest = words.removesuffix(ending).strip() if ending else words
        if rest:
            found[language] = rest
    return Text(found) if found else None
