"""Bodies of forms: read within limits, decoded strictly; what comes in chunks, slowly or broken."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clustergov.survey.service.posted import RefusedError, form_of, read_body, without_csrf


def receiving(*chunks: bytes, then: str = "", pause: float = 0) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Chunks one after the other; `then` is the message after them, nothing for the end of the body."""
    messages = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    messages.append({"type": then} if then else {"type": "http.request", "body": b"", "more_body": False})

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(pause)
        return messages.pop(0)

    return receive


def read(*chunks: bytes, headers: tuple[tuple[bytes, bytes], ...] = (), **how: Any) -> bytes:
    return asyncio.run(read_body(headers, receiving(*chunks, **how), most=10, seconds=0.2))


def refused(*chunks: bytes, **how: Any) -> int:
    with pytest.raises(RefusedError) as refusal:
        read(*chunks, **how)
    return refusal.value.status


def test_chunks_are_put_together_up_to_the_limit() -> None:
    assert read(b"abc", b"", b"defghij") == b"abcdefghij"
    assert refused(b"abc", b"defghijk") == 413
    assert refused(b"x", headers=((b"content-length", b"11"),)) == 413
    assert refused(b"x", headers=((b"content-length", b"9" * 5000),)) == 413


def test_slow_bodies_and_those_that_break_off() -> None:
    assert refused(*[b"a"] * 9, pause=0.05) == 408
    assert refused(b"a", then="http.disconnect") == 400


@pytest.mark.parametrize("length", [b"+5", b"-1", b"5, 5", b"0x5", b"\xb2", b" 5 5"])
def test_lengths_that_are_none(length: bytes) -> None:
    assert refused(b"abcde", headers=((b"content-length", length),)) == 400


def test_two_lengths() -> None:
    both = ((b"content-length", b"5"), (b"transfer-encoding", b"chunked"))
    assert refused(b"abcde", headers=both) == 400
    assert refused(b"abcde", headers=((b"content-length", b"5"), (b"content-length", b"5"))) == 400


_text = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=8)


@given(st.lists(st.tuples(_text, _text), max_size=8))
def test_forms_come_through_as_browsers_write_them(pairs: list[tuple[str, str]]) -> None:
    form = form_of(urlencode(pairs).encode(), most_fields=100)
    assert [value for values in form.values() for value in values] == [
        value for name in dict(pairs) for other, value in pairs if other == name
    ]


@given(st.binary(max_size=60))
def test_any_bytes_are_a_form_or_refused(body: bytes) -> None:
    try:
        form = form_of(body, most_fields=10)
    except RefusedError as refusal:
        if refusal.status not in (400, 413):
            raise
    else:
        joined = "".join([*form, *(value for values in form.values() for value in values)])
        assert "\0" not in joined
        joined.encode("utf-8")


@pytest.mark.parametrize(
    ("sent", "passes"), [(["x"], True), ([], False), ([""], False), (["x", "x"], False), (["X"], False), (["é"], False)]
)
def test_token_against_forgery_stands_once_and_is_right(sent: list[str], passes: bool) -> None:
    form = {"a": ["1"], **({"csrf": sent} if sent else {})}
    if passes:
        assert without_csrf(form, "x") == {"a": ["1"]}
        return
    with pytest.raises(RefusedError) as refusal:
        without_csrf(form, "x")
    assert refusal.value.status == 403


def test_without_a_cookie_no_token_is_right() -> None:
    with pytest.raises(RefusedError):
        without_csrf({"csrf": [""]}, "")
