"""What a frame of answers has to keep to, as a pandera schema: in memory, and as a Python module for others to use."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from clustergov.instruments.arithmetic import Arithmetic, Constant, Count, Number, Sum, Value, plain
from clustergov.instruments.asking import asked_when, enforced
from clustergov.instruments.condition import Answered, Comparison, Condition, Expression, Junction, Negation, Relation
from clustergov.instruments.exchange import Exported, Notes, listed
from clustergov.instruments.questionnaire import Question, Questionnaire, Variable

if TYPE_CHECKING:
    import pandas as pd
    from pandera.pandas import DataFrameSchema


def frame_schema(questionnaire: Questionnaire) -> DataFrameSchema:
    """The schema of `Responses.frame`.

    Columns: text with the codes of the scale (options marked blank among them), or numbers within the question's
    limits, whole where they have to be; each may be blank. Rows: no answer where routing did not ask for one, totals
    within `TOTAL_TOLERANCE` of what is asked where every field is filled, constraints. The rules and their names are
    those of `survey.validation`, which also knows why a cell is blank: it lets an answer pass whose condition looks at
    something that was not recorded, and checks totals whose fields were skipped.

    Raises
    ------
    InputError
        A condition or constraint cannot be read.
    """
    from clustergov.instruments.frames import checks

    columns = {each.name: _column(each) for each in questionnaire.variables}
    rows: list[Any] = []
    for variable, condition in _asked(questionnaire):
        holds = _Holds(condition, questionnaire)
        tick = variable.kind == "tick"
        rows.append(checks.asked(variable.name, holds, str(condition), _blank(variable), tick=tick))
    for question in questionnaire.questions:
        if question.total is not None and question.kind == "numbers":
            rows.append(checks.total(question.code, _numbers(question, questionnaire), question.total))
        if (constraint := _enforced(question, questionnaire)) is not None:
            rows.append(checks.constraint(question.code, _Holds(constraint, questionnaire), question.constraint))
    return checks.schema(columns, rows)


class _Holds:
    """A condition that looks at a frame in which options marked blank may stand."""

    def __init__(self, condition: Condition, questionnaire: Questionnaire) -> None:
        self.condition = condition
        self.blank = {name: _blank(questionnaire.by_name[name]) for name in condition.variables}

    def __call__(self, frame: pd.DataFrame) -> pd.Series:
        import pandas as pd

        from clustergov.instruments.frames.checks import substantive

        columns = {name: substantive(frame[name], blank) for name, blank in self.blank.items()}
        return pd.Series(self.condition.holds_in(columns), index=frame.index)


def to_pandera(questionnaire: Questionnaire) -> Exported:
    """Write that schema as a Python module that needs pandas and pandera only.

    ``SCHEMA`` is the schema, and run as a program the module checks a CSV file of codes. pandera's own YAML cannot hold
    what looks at several columns.

    Returns
    -------
    Exported
        Notes tell which routing is not checked.

    Raises
    ------
    InputError
        A condition or constraint cannot be read.
    """
    prelude = files("clustergov.instruments.frames").joinpath("checks.py").read_text(encoding="utf-8")
    prelude = prelude[prelude.index("from __future__") :]
    title = " ".join(questionnaire.title.to("en").split())
    head = f"What answers to {title} have to keep to (questionnaire {questionnaire.questionnaire}, version {questionnaire.version})."
    lines = [repr(head), "", prelude.rstrip(), "", "", *_declarations(questionnaire), "", "", *_PROGRAM]
    notes = Notes()
    if unread := [question.code for question in questionnaire.questions if question.relevance]:
        message = f"routing that could not be read from its file is not checked: {listed(unread)}."
        notes.add("unchecked-routing", message, place="when")
    return Exported(("\n".join(lines) + "\n").encode(), notes.all())


_PROGRAM = (
    "def read(path: str) -> tuple[Frame, Frame]:",
    '    """A CSV file of codes, by the column id if there is one, and apart from it the cells that should be numbers.',
    "",
    "    Columns that are not of the questionnaire are left out.",
    '    """',
    '    frame = pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""])',
    '    frame.index = pd.Index(frame["id"] if "id" in frame else frame.index.astype("str"), name="id")',
    '    frame = frame.reindex(columns=list(COLUMNS)).astype("str")',
    "    wrong = []",
    "    for name, column in COLUMNS.items():",
    '        if str(column.dtype) == "float64":',
    '            numbers = pd.to_numeric(frame[name], errors="coerce")',
    "            none = frame.loc[numbers.isna() & frame[name].notna(), name]",
    '            wrong += [(who, name, "not a number", cell) for who, cell in none.items()]',
    '            frame[name] = numbers.astype("float64")',
    '    return frame, pd.DataFrame(wrong, columns=["index", "column", "check", "failure_case"])',
    "",
    "",
    'if __name__ == "__main__":',
    "    import sys",
    "",
    "    if len(sys.argv) != 2:",
    '        sys.exit("Name one CSV file of answers, with codes.")',
    "    answers, wrong = read(sys.argv[1])",
    "    try:",
    "        SCHEMA.validate(answers, lazy=True)",
    "    except pa.errors.SchemaErrors as errors:",
    "        told = errors.failure_cases.astype(object)",
    "        # pandera names every column of a row that breaks a rule among several.",
    '        told.loc[told["schema_context"] == "DataFrameSchema", ["column", "failure_case"]] = ""',
    "        wrong = pd.concat([wrong.astype(object), told[list(wrong.columns)]])",
    "    if len(wrong):",
    "        print(wrong.drop_duplicates().to_string(index=False))",
    "        sys.exit(1)",
)


def _asked(questionnaire: Questionnaire) -> Iterator[tuple[Variable, Condition]]:
    """Variables with a condition that looks at nothing but variables of the questionnaire."""
    for variable in questionnaire.variables:
        condition = asked_when(variable)
        if condition is not None and set(condition.variables) <= questionnaire.by_name.keys():
            yield variable, condition


def _enforced(question: Question, questionnaire: Questionnaire) -> Condition | None:
    condition = enforced(question)
    known = condition is not None and set(condition.variables) <= questionnaire.by_name.keys()
    return condition if known else None


def _numbers(question: Question, questionnaire: Questionnaire) -> list[str]:
    return [variable.name for variable in questionnaire.of(question.code) if variable.kind == "number"]


def _blank(variable: Variable) -> list[str]:
    """Codes of options that are no substantive answer."""
    options = variable.scale.options if variable.scale is not None else ()
    return [option.code for option in options if option.blank is not None]


def _column(variable: Variable) -> Any:
    from clustergov.instruments.frames import checks

    question = variable.question
    match variable.kind:
        case "number":
            return checks.number(question.minimum, question.maximum, whole=question.integer)
        case "date":
            return checks.date()
        case "choice" | "tick" if variable.scale is not None:
            return checks.choice([option.code for option in variable.scale.options])
        case _:
            return checks.text()


def _declarations(questionnaire: Questionnaire) -> Iterator[str]:
    """The schema as Python, one line per variable and per rule."""
    yield "SCALES: dict[str, list[str]] = {"
    used = {name for name in map(_scale_name, questionnaire.variables) if name}
    yield from (
        f"    {name!r}: {[option.code for option in scale.options]!r},"
        for name, scale in questionnaire.scales.items()
        if name in used
    )
    yield "}"
    yield "COLUMNS = {"
    for variable in questionnaire.variables:
        yield f"    {variable.name!r}: {_declared(variable)},"
    yield "}"
    blank = {variable.name: codes for variable in questionnaire.variables if (codes := _blank(variable))}
    yield "BLANK: dict[str, list[str]] = {"
    yield from (f"    {name!r}: {codes!r}," for name, codes in blank.items())
    yield "}"
    yield '"""Options that are no substantive answer, by variable."""'
    yield ""
    yield ""
    yield "def given(frame: Frame, name: str) -> Cells:"
    yield '    """The substantive answers to one variable."""'
    yield "    return substantive(frame[name], BLANK.get(name, []))"
    yield ""
    yield ""
    yield "SCHEMA = schema("
    yield "    COLUMNS,"
    yield "    ["
    yield from (f"        {line}," for line in _rules(questionnaire))
    yield "    ],"
    yield ")"


def _declared(variable: Variable) -> str:
    question = variable.question
    match variable.kind:
        case "number":
            limits = f"{question.minimum!r}, {question.maximum!r}"
            return f"number({limits}, whole={question.integer!r})"
        case "date":
            return "date()"
        case "tick":
            return "choice(['N', 'Y'])"
        case "choice" if variable.scale is not None:
            return f"choice(SCALES[{_scale_name(variable)!r}])"
        case _:
            return "text()"


def _scale_name(variable: Variable) -> str:
    """The key of a choice's scale in the questionnaire; empty for other kinds."""
    if variable.kind != "choice":
        return ""
    return (variable.item.scale if variable.item is not None else "") or variable.question.scale


def _rules(questionnaire: Questionnaire) -> Iterator[str]:
    for variable, condition in _asked(questionnaire):
        name, holds = variable.name, _expression(condition.expression)
        more = f", BLANK.get({name!r}, [])" + (", tick=True" if variable.kind == "tick" else "")
        yield f"asked({name!r}, lambda frame: {holds}, {str(condition)!r}{more})"
    for question in questionnaire.questions:
        if question.total is not None and question.kind == "numbers":
            yield f"total({question.code!r}, {_numbers(question, questionnaire)!r}, {question.total!r})"
        if (constraint := _enforced(question, questionnaire)) is not None:
            holds = _expression(constraint.expression)
            yield f"constraint({question.code!r}, lambda frame: {holds}, {question.constraint!r})"


def _expression(expression: Expression) -> str:
    """A condition as Python that gives one truth value per row."""
    match expression:
        case Comparison(name, "in", values):
            return "(" + " | ".join(f"compare({_given(name)}, '=', {each!r})" for each in values) + ")"
        case Comparison(name, sign, (wanted,)):
            return f"compare({_given(name)}, {str(sign)!r}, {wanted!r})"
        case Answered(name):
            return f"answered({_given(name)})"
        case Relation(left, sign, right):
            return f"relate({_number(left)}, {str(sign)!r}, {_number(right)})"
        case Negation(part):
            return f"~{_expression(part)}"
        case Junction(word, parts):
            return "(" + (" & " if word == "and" else " | ").join(_expression(part) for part in parts) + ")"
    raise AssertionError(expression)  # pragma: no cover - the cases above are all there are


def _number(number: Number) -> str:
    match number:
        case Constant(constant):
            return plain(constant)
        case Value(name):
            return f"value({_given(name)})"
        case Sum(names):
            return f"add({', '.join(_given(name) for name in names)})"
        case Count(names, code):
            more = "" if code is None else f", {code!r}"
            return f"count([{', '.join(_given(name) for name in names)}]{more})"
        case Arithmetic("/", left, right):
            return f"ratio({_number(left)}, {_number(right)})"
        case Arithmetic(sign, left, right):
            return f"({_number(left)} {sign} {_number(right)})"


def _given(name: str) -> str:
    return f"given(frame, {name!r})"
