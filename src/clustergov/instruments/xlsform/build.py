"""From an XLSForm to a questionnaire.

What clustergov wrote itself is put together again from the sheet `clustergov`, question by question, where the form still
asks and checks exactly what it did when it was written: the rows are written anew and compared. All other rows are read as
those of any form: groups become sections, and every row that asks something becomes a question.
"""

from __future__ import annotations

import re

from clustergov.instruments.exchange import Notes
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.instruments.xlsform.assembly import Assembly
from clustergov.instruments.xlsform.finish import finish
from clustergov.instruments.xlsform.form import Form
from clustergov.instruments.xlsform.kept import Kept, read_kept
from clustergov.instruments.xlsform.leftovers import note_leftovers
from clustergov.instruments.xlsform.names import Names
from clustergov.instruments.xlsform.rows import RowWriter, SurveyRow
from clustergov.instruments.xlsform.wording import Wording
from clustergov.language import Text
from clustergov.problems import InputError, Problem

_PASSES = 4
"""Times that the form is read with fewer questions taken for unchanged; then none is."""


def build(form: Form, *, name: str, notes: Notes) -> Questionnaire:
    """Make a questionnaire of a form; what it cannot express goes to `notes`.

    Raises
    ------
    InputError
        The sheet `clustergov` cannot be read.
    """
    kept = read_kept(form)
    taken = [(line, set(line.taken)) for line in form.lines]
    changed: set[str] = set()
    for attempt in range(_PASSES + 1):
        for line, before in taken:
            line.taken = set(before)
        passing = Notes(form.file)
        wording = Wording(form, passing)
        known = kept if attempt < _PASSES else None
        assembly = Assembly(form, wording, passing, known, frozenset(changed))
        draft = _draft(assembly, form, wording, known, name)
        found = assembly.finished(draft)
        differing = _differing(found, assembly, form) if known is not None else set()
        if not differing:
            break
        changed |= differing
    if changed:
        notes.add("xlsform-changed", f"{len(changed)} questions were changed in the form after clustergov wrote it; their rows are "
                  f"read like those of any form: {', '.join(sorted(changed))}.", place="clustergov")  # fmt: skip
    if not found.questions:
        message = "expected questions, found none that is asked of anybody."
        raise InputError(
            Problem("xlsform-empty", message, "Check that it is the right form.", file=form.file, place="survey")
        )
    result = finish(found, known, wording, passing)
    wording.report()
    for note in passing.all():
        notes.add(note.rule, note.message, place=note.place, fix=note.fix, line=note.line)
    note_leftovers(form, notes)
    return result


def _draft(assembly: Assembly, form: Form, wording: Wording, kept: Kept | None, name: str) -> Questionnaire:
    settings = form.settings
    title = settings.take("form_title") if settings is not None else ""
    code = settings.take("form_id") if settings is not None else ""
    version = settings.take("version") if settings is not None else ""
    if kept is not None:
        if settings is not None and settings.look("style") == "pages":
            settings.take("style")
        own = kept.title if kept.title is not None and title in kept.title.values() else None
        name, version = kept.draft.questionnaire, version or kept.draft.version
    else:
        own = None
        name = re.sub(r"[^a-z0-9]+", "-", code.lower()).strip("-")[:60] or name
    assembly.read(own or wording.everywhere(title or code or name))
    return Questionnaire(
        questionnaire=name, version=version or "1", title=own or wording.everywhere(title or code or name),
        languages=kept.draft.languages if kept is not None else wording.languages, imported_from="XLSForm",
        text=assembly.welcome, closing=assembly.closing, scales=assembly.scales(), sections=tuple(assembly.sections),
    )  # fmt: skip


def _differing(draft: Questionnaire, assembly: Assembly, form: Form) -> set[str]:
    """Codes of kept questions whose rows ask or check something else than what is kept; texts of ours that were changed."""
    writer = RowWriter(draft, Names(draft), Notes(form.file))
    differing: set[str] = set()
    for question in draft.questions:
        if question.code not in assembly.kept_questions:
            continue
        before = len(writer.problems)
        rows = [row for row in writer.question(question) if row.type != "end_group"]
        if len(writer.problems) > before or not _as_written(rows, assembly):
            differing.add(question.code)
    return differing


def _as_written(rows: list[SurveyRow], assembly: Assembly) -> bool:
    for row in rows:
        field = assembly.by_name.get(row.name)
        if field is None:
            return False
        line = field.line
        required = line.look("required").casefold() in ("yes", "true", "true()")
        there = (
            " ".join(line.look("type").split()), required, line.look("relevant"), line.look("constraint"), line.look("calculation"),
            line.look("appearance"), line.look("choice_filter"), line.look("parameters"),
        )  # fmt: skip
        if there != row.logic():
            return False
        for column in (
            "required",
            "relevant",
            "constraint",
            "calculation",
            "appearance",
            "choice_filter",
            "parameters",
        ):
            line.take(column)
        for column, text in (("label", row.label), ("hint", row.hint), ("constraint_message", row.constraint_message)):
            if _same_words(assembly.wording.text(line, column), text):
                continue
            for key in [key for key in line.taken if key[0] == column]:
                line.taken.discard(key)
    return True


def _same_words(there: Text | None, written: Text | None) -> bool:
    return dict(there or {}) == dict(written or {})
