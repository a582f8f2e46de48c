"""The page on the service's security lists the attacks that are tried; `python tests/test_security_page.py` renews it."""

from __future__ import annotations

import re
from pathlib import Path

from attacks_table import attacks, table

PAGE = Path(__file__).resolve().parents[1] / "docs" / "service-security.md"
_TABLE = re.compile(r"^\| attack \|.*?(?=\n\n)", re.S | re.M)


def renewed(page: str) -> str:
    return _TABLE.sub(lambda _: table(), page, count=1)


def test_the_list_of_attacks_is_up_to_date() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert renewed(page) == page
    assert len(_TABLE.findall(page)) == 1


def test_every_attack_is_told_in_one_row() -> None:
    assert len(attacks()) > 40
    assert all(told.endswith(".") and "|" not in told for _, told in attacks())


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
