"""The structure of an XLSForm: its lines, groups, lists of choices and settings, with its mistakes told by row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from clustergov.instruments.xlsform.columns import Line, lines_of
from clustergov.instruments.xlsform.types import FormType, parse_type
from clustergov.instruments.xlsform.workbook import Sheet
from clustergov.problems import InputError, Problem

_NAME = re.compile(r"[^\W\d][\w.:-]*")
_REFERENCE = re.compile(r"\$\{\s*(last-saved#)?([^{}]+?)\s*\}")
_LOGIC = ("relevant", "constraint", "required", "calculation", "choice_filter", "repeat_count", "trigger", "read_only")
_READ = ("survey", "choices", "settings", "external_choices", "clustergov")


@dataclass(slots=True)
class Field:
    """One line of the survey sheet with its type and the groups around it, the outermost first."""

    line: Line
    type: FormType
    name: str
    groups: tuple[Field, ...] = ()
    end: int = 0

    @property
    def repeated(self) -> bool:
        return any(group.type.kind == "begin repeat" for group in self.groups)


@dataclass(slots=True)
class Form:
    """An XLSForm; `fields` includes the lines at which groups begin.

    Attributes
    ----------
    lists : dict of str to list of Line
        The choices of each list, in order; of those that filtered lists hold, the ones of external_choices too.
    unread : list of str
        Sheets that are not part of an XLSForm, or that say nothing about questions.
    """

    file: str
    fields: list[Field] = field(default_factory=list)
    lists: dict[str, list[Line]] = field(default_factory=dict)
    settings: Line | None = None
    metadata: list[Line] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    extra: list[Line] = field(default_factory=list)

    @property
    def lines(self) -> Iterator[Line]:
        """Every line that was read, of every sheet."""
        yield from (each.line for each in self.fields)
        for choices in self.lists.values():
            yield from choices
        yield from ([self.settings] if self.settings is not None else [])
        yield from self.extra


def read_form(sheets: list[Sheet], file: str) -> Form:
    """Put the sheets together.

    Raises
    ------
    InputError
        There is no survey sheet, or it has mistakes that leave open what is asked: every one of them.
    """
    form = Form(file)
    problems: list[Problem] = []
    known = {sheet.name.strip().lower(): sheet for sheet in reversed(sheets)}
    if "survey" not in known and len(sheets) == 1:
        known["survey"] = sheets[0]
    if "survey" not in known:
        listed = ", ".join(sheet.name for sheet in sheets) or "none"
        message = f"expected a sheet called survey, found: {listed}."
        raise InputError(Problem("xlsform-no-survey", message, "Rename the sheet with the questions.", file=file))
    lines: dict[str, list[Line]] = {}
    for name in _READ:
        lines[name], wrong, beyond = lines_of(known[name], file) if name in known else ([], [], None)
        problems += wrong
        if beyond is not None:
            form.unread.append(f"{known[name].name} from row {beyond} on, below many empty rows")
    form.unread += [sheet.name for sheet in sheets if sheet not in [known.get(name) for name in _READ] and sheet.rows]
    form.settings = lines["settings"][0] if lines["settings"] else None
    form.extra += lines["settings"][1:]
    form.metadata = lines["clustergov"]
    problems += _columns(known["survey"], lines["survey"], file)
    if problems:
        raise InputError(problems)
    problems += _lists(form, lines)
    problems += _fields(form, lines["survey"])
    problems += _names(form)
    problems += _references(form)
    if problems:
        raise InputError(problems, summary=f"{file} is no XLSForm that can be read:")
    return form


def _columns(sheet: Sheet, lines: list[Line], file: str) -> Iterator[Problem]:
    if not lines:
        yield Problem(
            "xlsform-empty", "expected questions on the sheet survey, found none.", file=file, place=sheet.name
        )
    elif ("type", "") not in lines[0].headings or not any(key[0] == "name" for key in lines[0].headings):
        found = ", ".join(lines[0].headings.values())
        yield Problem("xlsform-column", f"expected the columns type and name, found: {found}.",
                      "The first filled row of the sheet holds the headings.", file=file, line=sheet.rows[0].number, place=sheet.name)  # fmt: skip


def _lists(form: Form, lines: dict[str, list[Line]]) -> Iterator[Problem]:
    twice = form.settings is not None and form.settings.take("allow_choice_duplicates").lower() in ("yes", "true")
    for sheet in ("choices", "external_choices"):
        for line in lines[sheet]:
            name, code = line.take("list_name"), line.look("name")
            if not name:
                form.extra.append(line)
                continue
            own = form.lists.setdefault(name, [])
            if not code:
                yield _problem(
                    form, line, "name", "xlsform-choice", f"a choice of “{name}” has no name.", "Give it one."
                )
            elif any(each.look("name") == code for each in own) and not twice and sheet == "choices":
                message = f"the choice “{code}” stands twice in “{name}”."
                yield _problem(
                    form, line, "name", "xlsform-choice", message, "Rename one, or set allow_choice_duplicates."
                )
            own.append(line)


def _fields(form: Form, lines: list[Line]) -> Iterator[Problem]:
    open_: list[Field] = []
    for line in lines:
        if not line.look("type"):
            # pyxform passes over such rows, and people write remarks in them.
            form.extra.append(line)
            continue
        kind = parse_type(line.take("type"))
        name = line.take("name")
        each = Field(line, kind, name, tuple(open_))
        if kind.kind.startswith("end "):
            if not open_ or open_[-1].type.kind[6:] != kind.kind[4:]:
                message = f"“{line.look('type')}” ends what was not begun."
                yield _problem(form, line, "type", "xlsform-group", message, "Remove it, or add the beginning.")
            else:
                open_.pop().end = line.number
            form.extra.append(line)
            continue
        if not name and kind.kind in ("note", "begin group"):
            each.name = f"{kind.kind.replace(' ', '_')}_{line.number}"
        elif not name:
            yield _problem(form, line, "name", "xlsform-name", "this row has no name.", "Give it one.")
        elif not _NAME.fullmatch(name):
            message = f"“{name}” is no name: a letter or _ first, then letters, digits, _ - and full stops."
            yield _problem(form, line, "name", "xlsform-name", message, "Rename it.")
        yield from _list_problems(form, each)
        form.fields.append(each)
        if kind.kind.startswith("begin "):
            open_.append(each)
    for group in open_:
        message = f"“{group.line.look('type')}” ({group.name}) is never ended."
        yield _problem(form, group.line, "type", "xlsform-group", message, "Add the row that ends it.")


def _list_problems(form: Form, each: Field) -> Iterator[Problem]:
    if each.type.kind not in ("single", "multiple", "ranking") or each.type.from_file or "${" in each.type.list:
        return
    if not each.type.list:
        # A confirmation is a choice of one, without a list.
        return
    choices = form.lists.get(each.type.list)
    if choices is None and not each.type.external:
        message = f"there is no list of choices “{each.type.list}”."
        yield _problem(
            form, each.line, "type", "xlsform-list", message, "Add it to the sheet choices, or correct its name."
        )
    for choice in choices or () if each.type.kind != "single" else ():
        if re.search(r"\s", choice.look("name")):
            message = f"the choice “{choice.look('name')}” of several has a blank in it, and blanks separate them."
            yield _problem(form, choice, "name", "xlsform-choice", message, "Rename it.")


def _names(form: Form) -> Iterator[Problem]:
    first: dict[tuple[int, str], Field] = {}
    for each in form.fields:
        if not each.name:
            continue
        inside = id(each.groups[-1]) if each.groups else 0
        earlier = first.setdefault((inside, each.name), each)
        if earlier is not each:
            message = f"the name “{each.name}” stands twice; first on row {earlier.line.number}."
            yield _problem(form, each.line, "name", "xlsform-duplicate", message, "Rename one.")


def _references(form: Form) -> Iterator[Problem]:
    """References to nothing, and conditions or calculations that wait for each other."""
    known = {each.name for each in form.fields}
    needs: dict[str, set[str]] = {}
    lines = {each.name: each.line for each in reversed(form.fields)}
    for each in form.fields:
        for column in _LOGIC:
            for last_saved, name in _REFERENCE.findall(each.line.look(column)):
                if name not in known:
                    message = f"there is no question “{name}”."
                    yield _problem(form, each.line, column, "xlsform-reference", message, "Correct the name.")
                elif _waits(each, column, name) and not last_saved:
                    needs.setdefault(each.name, set()).add(name)
        needs.setdefault(each.name, set()).update(group.name for group in each.groups if group.name != each.name)
    if cycle := _cycle(needs):
        message = f"these wait for each other: {' → '.join([*cycle[:8], '…'] if len(cycle) > 8 else cycle)}."
        yield _problem(form, lines[cycle[0]], "relevant", "xlsform-cycle", message, "Break the circle.")


def _waits(each: Field, column: str, name: str) -> bool:
    """Whether a row cannot be decided before another one; a calculation may use its own value of before."""
    if each.repeated:
        return False
    return column == "relevant" or (column == "calculation" and name != each.name)


def _cycle(needs: dict[str, set[str]]) -> list[str]:
    """Names that lead back to the first of them; empty where there are none."""
    state: dict[str, int] = {}
    for start in needs:
        path: list[tuple[str, Iterator[str]]] = [(start, iter(sorted(needs[start])))] if start not in state else []
        state.setdefault(start, 1)
        while path:
            name, rest = path[-1]
            following = next(rest, None)
            if following is None:
                state[name] = 2
                path.pop()
            elif state.get(following) == 1:
                names = [each for each, _ in path]
                return [*names[names.index(following) :], following]
            elif following not in state:
                state[following] = 1
                path.append((following, iter(sorted(needs.get(following, ())))))
    return []


def _problem(form: Form, line: Line, column: str, rule: str, message: str, fix: str) -> Problem:
    return Problem(rule, message, fix, file=form.file, line=line.number, place=line.place(column))
