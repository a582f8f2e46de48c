"""Plain files that people compare and merge: YAML with one key a line, and a file that appears whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from clustergov.language import Text
from clustergov.yaml_file import Entry


class _Dumper(yaml.SafeDumper):
    """Block style with lists indented, so that a change of one entry is a change of its own lines."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


class Row(list[Any]):
    """A list that is written on one line, since nobody reads its items one by one."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    """YAML 1.1 takes these for line ends, and would read them back as blanks, unless they stand escaped in quotes."""
    style = '"' if any(sign in text for sign in "\x85\u2028\u2029") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(Row, lambda dumper, row: dumper.represent_sequence("tag:yaml.org,2002:seq", row, True))


def dump(content: Mapping[str, Any], *, remark: str = "") -> str:
    """Write YAML in the order of `content`, each text on one line, under the lines of `remark`, which begin with #."""
    body: str = yaml.dump(dict(content), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=float("inf"))
    return (remark.rstrip("\n") + "\n" if remark else "") + body


def given(entry: Entry) -> dict[str, Any]:
    """What an entry holds beyond its defaults, as plain data in the order of its keys."""
    values = {name: (getattr(entry, name), field) for name, field in type(entry).model_fields.items()}
    return {
        name.replace("_", " "): _plain(value)
        for name, (value, field) in values.items()
        if field.is_required() or value != field.default
    }


def _plain(value: object) -> object:
    if isinstance(value, Text):
        return dict(value)
    if isinstance(value, Entry):
        return given(value)
    if isinstance(value, dict):
        return {key: _plain(child) for key, child in value.items()}
    if isinstance(value, float | int) and hasattr(value, "written"):
        return str(value)  # a number written otherwise than Python does, such as 1.10
    return [_plain(child) for child in value] if isinstance(value, tuple) else value


def remark_of(path: Path) -> str:
    """The lines of remarks at the very top of a file; empty where there is none."""
    lines = path.read_text(encoding="utf-8-sig").splitlines() if path.is_file() else []
    end = next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return "\n".join(lines[:end])


def replace_file(path: Path, text: str) -> None:
    """Put `text` in the place of a file: written beside it, made durable and renamed, so that no reader sees half of it."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
