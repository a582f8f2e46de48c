"""YAML files whose mistakes are told with line and column, all at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from clustergov.problems import InputError, Problem, missing_file
from clustergov.yaml_form import words
from clustergov.yaml_slip import as_problem, forbidden_character, slip

MOST_VALUES = 1_000_000
"""Values in one file; a few nested aliases can stand for billions."""

Place = tuple[str | int, ...]
Position = tuple[int, int]


class Entry(BaseModel):
    """Base of every value that is read from a YAML file: immutable, no unknown keys; `a b` in YAML is `a_b` here."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, alias_generator=lambda name: name.replace("_", " ")
    )


Model = TypeVar("Model", bound=BaseModel)


class WrittenNumber(float):
    """A number that remembers how it was written: as text, 1.10 is no 1.1."""

    def __init__(self, text: str) -> None:
        self.written = text

    def __str__(self) -> str:
        return self.written


class WrittenInteger(int):
    """A whole number that remembers how it was written: as a code, 01 is no 1."""

    def __init__(self, text: str) -> None:
        self.written = text

    def __str__(self) -> str:
        return self.written


class Positions:
    """Where each value of one YAML file stands: place (keys and indices from the root) → line and column from 1."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._values: dict[Place, Position] = {(): (1, 1)}
        self._keys: dict[Place, Position] = {}
        self._ends: dict[Place, Position] = {}
        self._lines: list[str] = []

    def __len__(self) -> int:
        return len(self._values)

    def note(self, place: Place, node: yaml.Node, *, key: bool = False) -> None:
        position = (node.start_mark.line + 1, node.start_mark.column + 1)
        (self._keys if key else self._values)[place] = position
        if not key and isinstance(node, yaml.ScalarNode) and not node.style:
            self._ends[place] = (node.end_mark.line, node.end_mark.column)

    def remember(self, text: str) -> None:
        """Keep the file itself, to see what follows a value."""
        self._lines = text.splitlines()

    def remarks(self) -> Iterator[tuple[Place, str]]:
        """Values that are not quoted and are followed by a remark on their line, which may have been meant as text."""
        for place, (line, column) in self._ends.items():
            rest = self._lines[line][column:] if line < len(self._lines) else ""
            if rest.lstrip().startswith("#"):
                yield place, rest.strip()

    def of(self, place: Place) -> Position:
        """The position of a value, or of the nearest enclosing one that exists."""
        for length in range(len(place), -1, -1):
            found = self._keys.get(place[:length]) or self._values.get(place[:length])
            if found:
                return found
        return (1, 1)

    def problem(self, place: Place, rule: str, message: str, fix: str = "", *, severity: str = "error") -> Problem:
        line, column = self.of(place)
        return Problem(
            rule, message, fix, file=self.file, line=line, column=column, place=spell(place),
            severity="warning" if severity == "warning" else "error",
        )  # fmt: skip


def spell(place: Place) -> str:
    """Write a place as a person would: ``sections[2].questions[0].scale``."""
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _construct(node: yaml.Node, place: Place, positions: Positions, problems: list[Problem]) -> Any:
    positions.note(place, node)
    if len(positions) > MOST_VALUES:
        raise InputError(
            positions.problem((), "too-large", f"expected at most {MOST_VALUES} values, found more.",
                              "Do not repeat parts of a file through anchors and aliases.")
        )  # fmt: skip
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            positions.note((*place, key), key_node, key=True)
            if key in mapping:
                problems.append(
                    positions.problem((*place, key), "duplicate-key", f"the key “{key}” stands twice.", "Remove one.")
                )
            mapping[key] = _construct(value_node, (*place, key), positions, problems)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_construct(child, (*place, index), positions, problems) for index, child in enumerate(node.value)]
    text = str(node.value)
    if node.tag == "tag:yaml.org,2002:null":
        return None
    # YAML 1.1 would read the answer codes NO, on and off as booleans and 12:30 as a number: only 1.2's spellings count.
    if node.tag == "tag:yaml.org,2002:bool":
        return {"true": True, "false": False}.get(text, text)
    try:
        if node.tag == "tag:yaml.org,2002:int" and ":" not in text:
            return int(text) if str(int(text)) == text else WrittenInteger(text)
        if node.tag == "tag:yaml.org,2002:float" and ":" not in text:
            return float(text) if str(float(text)) == text else WrittenNumber(text)
    except ValueError:
        return text
    return text


def load(path: Path | str, *, wanted: str = "a YAML file") -> tuple[Any, Positions]:
    """Read one YAML file as plain data together with the position of every value.

    Raises
    ------
    InputError
        The file is missing, is not UTF-8, is empty, is no YAML, or holds a key twice.
    """
    data, positions, problems = parse(path, wanted=wanted)
    if problems:
        raise InputError(problems)
    return data, positions


def parse(path: Path | str, *, wanted: str = "a YAML file") -> tuple[Any, Positions, list[Problem]]:
    """The same, where keys that stand twice (the last counts) are told and do not stop the reading.

    Raises
    ------
    InputError
        The file is missing, is not UTF-8, is empty, or is no YAML.
    """
    path = Path(path)
    if not path.is_file():
        raise missing_file(path, wanted=wanted)
    positions = Positions(str(path))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            positions.problem((), "encoding", f"expected UTF-8 text, found byte {error.object[error.start]:#04x}.",
                              "Save the file as UTF-8.")
        ) from None  # fmt: skip
    except OSError as error:
        raise InputError(positions.problem((), "unreadable", f"cannot be read: {error.strerror}.")) from None
    return parse_text(text, str(path), wanted=wanted)


def parse_text(text: str, file: str, *, wanted: str = "a YAML file") -> tuple[Any, Positions, list[Problem]]:
    """The same for text that was read already; mistakes name `file`.

    Raises
    ------
    InputError
        The text is empty, or is no YAML.
    """
    positions = Positions(file)
    node = _composed(text, file)
    if node is None:
        raise InputError(positions.problem((), "empty-file", f"expected {wanted}, found an empty file."))
    positions.remember(text)
    problems: list[Problem] = []
    return _construct(node, (), positions, problems), positions, problems


def _composed(text: str, path: str) -> yaml.Node | None:
    if (forbidden := forbidden_character(text)) is not None:
        raise InputError(as_problem(forbidden, path))
    try:
        node: yaml.Node | None = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        raise InputError(as_problem(slip(text, error), path)) from None
    except yaml.YAMLError as error:
        raise InputError(Problem("yaml-syntax", f"this is not YAML: {error}.", file=path)) from None
    return node


def read(path: Path | str, model: type[Model], *, wanted: str = "a YAML file") -> tuple[Model, Positions]:
    """Read one YAML file into `model`.

    Raises
    ------
    InputError
        With one problem per mistake, each with line and column.
    """
    data, positions, problems = parse(path, wanted=wanted)
    try:
        content = model.model_validate(data)
    except ValidationError as error:
        raise InputError([*problems, *form_problems(error, positions)]) from None
    if problems:
        raise InputError(problems)
    return content, positions


def form_problems(error: ValidationError, positions: Positions) -> list[Problem]:
    """Every value that does not have the form of a model, in words and with its position."""
    return [_from_pydantic(detail, positions) for detail in error.errors()]


def _from_pydantic(detail: Any, positions: Positions) -> Problem:
    place: Place = tuple(part for part in detail["loc"] if not (isinstance(part, str) and part.startswith("function-")))
    key = next((part for part in reversed(place) if isinstance(part, str)), "")
    rules = {"extra_forbidden": "unknown-key", "missing": "missing-key"}
    rule = rules.get(detail["type"], detail["type"].replace("_", "-"))
    return positions.problem(place, rule, *words(detail, key))
