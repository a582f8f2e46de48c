"""docs/conformance.md: every number held against R or a publication; `python tests/conformance/page.py` renews it."""

from __future__ import annotations

import importlib
import re
import sys
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
PAGE = FOLDER.parents[1] / "docs" / "conformance.md"
if __name__ == "__main__":
    sys.path.insert(0, str(FOLDER.parent))

from conformance.row import Row  # noqa: E402  # tests/ is on the path only from here on when run as a script

OPENING = """# Numbers that match

Every number below is computed by the tests and held against R, or against a published worked example. Where R gave the
number, the script that refreshes it stands in `tests/reference/`. *Tolerance* is how far ours may be from the reference,
as a share of it, or absolute where it says so; one that is looser than a millionth gives its reason.

This page is written by the tests themselves: `python tests/conformance/page.py`; a test holds it against them.
"""


@cache
def parts() -> dict[str, tuple[Row, ...]]:
    """The rows of each part: every ``part_*.py`` beside this file has a TITLE and rows()."""
    found = {}
    for path in sorted(FOLDER.glob("part_*.py")):
        module = importlib.import_module(f"conformance.{path.stem}")
        found[module.TITLE] = tuple(module.rows())
    return found


def key(row: Row) -> tuple[str, ...]:
    """The cells that do not depend on the machine."""
    kind = "" if row.relative else " absolute"
    tolerance = f"{row.tolerance:.0e}{kind}" + (f" ({row.why})" if row.why else "")
    source = f"`{row.source}`" if re.match(r"[\w.]+(::[\w.]+)?\(", row.source) else row.source
    cells = (row.data, row.statistic, f"{row.reference:.10g}", tolerance, source)
    return tuple(cell.replace("|", "\\|") for cell in cells)


def page() -> str:
    """The page as the tests have it now."""
    text = [OPENING, f"{sum(map(len, parts().values()))} numbers in {len(parts())} parts.\n"]
    for title, rows in parts().items():
        text.append(
            f"\n## {title}\n\n| data | statistic | ours | reference | tolerance | source |\n|---|---|---:|---:|---|---|"
        )
        for row in rows:
            data, statistic, reference, tolerance, source = key(row)
            text.append(f"| {data} | {statistic} | {row.ours:.10g} | {reference} | {tolerance} | {source} |")
    return "\n".join(text) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
