"""Pseudonyms of responses, remembered: nothing is forgotten because the software forgot it."""

from __future__ import annotations

from pathlib import Path

import pytest

from clustergov.problems import InputError
from clustergov.survey.collection.linked import FILE, remember


def test_what_was_known_stays_and_what_is_new_is_added(tmp_path: Path) -> None:
    folder = tmp_path / "raw"
    assert remember(folder, {}, by="token") == {}
    assert not folder.exists()
    assert remember(folder, {"t1": "AAA"}, by="token") == {"t1": "AAA"}
    assert remember(folder, {"t2": "BBB"}, by="token") == {"t1": "AAA", "t2": "BBB"}
    assert remember(folder, {}, by="token") == {"t1": "AAA", "t2": "BBB"}
    assert (folder / FILE).read_text().splitlines() == ["token,pseudonym", "t1,AAA", "t2,BBB"]
    assert (folder / FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"a\r\n", b"token,pseudonym\r\nx,y,z\r\n", b"\xff\xfe"])
def test_another_file_of_that_name_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(InputError, match="pseudonyms"):
        remember(tmp_path, {"t": "A"}, by="response")
    assert (tmp_path / FILE).read_bytes() == content
