"""Parts of a questionnaire that tell themselves to a reader."""

from __future__ import annotations

import pytest

from clustergov.instruments.questionnaire import Source
from clustergov.language import Text

DESCRIBED = Text({"nl": "twee hoofdstukken", "en": "two chapters"})


@pytest.mark.parametrize(
    ("citation", "description", "named"),
    [
        ("A report (2012).", DESCRIBED, "A report (2012), twee hoofdstukken"),
        ("A report (2012)", DESCRIBED, "A report (2012), twee hoofdstukken"),
        ("A report (2012).", None, "A report (2012)."),
        ("", DESCRIBED, "twee hoofdstukken"),
    ],
)
def test_a_source_is_named_with_one_stop_at_most(citation: str, description: Text | None, named: str) -> None:
    assert Source(citation=citation, description=description).named("nl") == named
    located = Source(citation=citation, description=description, url="https://example.org").located("nl")
    assert located == f"{named} (https://example.org)"
