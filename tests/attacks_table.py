"""List the attacks that the tests try on the running service, as a table in Markdown: ``python tests/attacks_table.py``."""

from __future__ import annotations

import ast
from pathlib import Path

FILE = Path(__file__).parent / "survey" / "service" / "test_attacks.py"


def attacks() -> list[tuple[str, str]]:
    """Name of each test and what its attacker tries, in the order of the file."""
    tests = [node for node in ast.parse(FILE.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)]
    found = []
    for test in tests:
        told = ast.get_docstring(test) or ""
        if test.name.startswith("test_") and not told.startswith("(No attack.)"):
            found.append((test.name.removeprefix("test_").replace("_", " "), " ".join(told.split())))
    return found


def table() -> str:
    """In Markdown."""
    return "\n".join(["| attack | what is tried |", "|---|---|", *(f"| {name} | {told} |" for name, told in attacks())])


if __name__ == "__main__":
    print(table())
