"""Cookies: set with every protection that there is, and read so that nobody can put one under another."""

from __future__ import annotations

import pytest

from clustergov.survey.service.cookies import Area, area_of, cookie_name, read_cookie, set_cookie

KEY = "o" + "a" * 26


@pytest.mark.parametrize(("area", "same_site"), [("response", "Lax"), ("manager", "Strict"), ("login", "Strict")])
def test_flags(area: Area, same_site: str) -> None:
    over_https = set_cookie(area, KEY, https=True)
    assert over_https.startswith("__Host-clustergov")
    assert set(over_https.split("; ")[1:]) == {"Path=/", "HttpOnly", f"SameSite={same_site}", "Secure"}
    assert set(set_cookie(area, KEY, https=False).split("; ")[1:]) == {"Path=/", "HttpOnly", f"SameSite={same_site}"}
    assert "Max-Age=0" in set_cookie(area, "", https=True)
    assert "Domain" not in over_https


@pytest.mark.parametrize("value", ["a b" * 10, "x;Domain=evil;" * 3, "a\r\nSet-Cookie: b=c" * 2, "short", "é" * 20])
def test_nothing_but_a_key_can_be_set(value: str) -> None:
    with pytest.raises(ValueError, match="base64url"):
        set_cookie("response", value, https=False)


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (f"clustergov={KEY}", KEY),
        (f"a=b; clustergov={KEY};c=d", KEY),
        (f"clustergov={KEY}; clustergov={'b' * 27}", ""),
        (f"clustergov={KEY}; clustergov={KEY}", ""),
        ("clustergov=", ""),
        ("clustergov=../../etc/passwd/and/more", ""),
        (f'clustergov="{KEY}"', ""),
        (f"Clustergov={KEY}", ""),
        (f"clustergov-manager={KEY}", ""),
        ("clustergov=" + "a" * 500, ""),
        ("", ""),
    ],
)
def test_read_once_or_not_at_all(header: str, found: str) -> None:
    assert read_cookie([(b"cookie", header.encode())], cookie_name("response", https=False)) == found


def test_two_headers_with_one_name_are_none() -> None:
    headers = [(b"cookie", f"clustergov={KEY}".encode()), (b"cookie", f"clustergov={'b' * 27}".encode())]
    assert read_cookie(headers, "clustergov") == ""


@pytest.mark.parametrize(
    ("path", "area"),
    [("/", "response"), ("/nl/3", "response"), ("/manage", "manager"), ("/manage/nl", "manager"),
     ("/manage/nl/login", "login"), ("/manager", "response"), ("/nl/login", "response")],
)  # fmt: skip
def test_area(path: str, area: str) -> None:
    assert area_of(path) == area
