"""Who gets to the coding page and who does not: names, tokens, origins, sizes, kinds of body, paths."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import quote

import pytest

from coding_page import Served, serving, stored, write_study

DOCUMENT = "/en/as/anna/round/1/document/harbour/interview"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(write_study(tmp_path_factory.mktemp("study"))) as running:
        yield running


def text_of(answer: HTTPResponse) -> str:
    return str(answer.text)  # type: ignore[attr-defined]  # put there by `ask`


def known(served: Served, **more: str) -> dict[str, str]:
    return {"Cookie": f"clustergov-coding-{served.port}={served.token}", **more}


def act(served: Served, action: object, **headers: str) -> HTTPResponse:
    sent = {"Origin": served.origin, "Content-Type": "application/json", **headers}
    body = action if isinstance(action, bytes) else json.dumps(action).encode()
    return served.ask("POST", DOCUMENT + "/act", body, known(served, **sent))


def code(**more: object) -> dict[str, object]:
    return {"do": "code", "concept": "trust", "start": 0, "end": 9, "head": "Interview", "tail": "Interview", **more}


def test_without_the_token_nothing_is_shown(served: Served) -> None:
    for path in ("/", "/en", DOCUMENT, DOCUMENT + "/data", "/?token=wrong", "/?token=", DOCUMENT + "?token=wrong"):
        answer = served.ask("GET", path)
        assert answer.status == 401, path
        assert "harbour" not in text_of(answer)
    wrong = {"Cookie": f"clustergov-coding-{served.port}={served.token[:-1]}x"}
    assert served.ask("GET", "/en", headers=wrong).status == 401
    twice = {
        "Cookie": f"clustergov-coding-{served.port}=x{served.token}; clustergov-coding-{served.port}={served.token}"
    }
    assert served.ask("GET", "/en", headers=twice).status == 401


def test_the_token_is_exchanged_for_a_cookie_and_leaves_the_address(served: Served) -> None:
    answer = served.ask("GET", f"/?token={served.token}")
    assert (answer.status, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_another_name_for_this_machine_is_refused(served: Served) -> None:
    for host in ("evil.example", f"evil.example:{served.port}", "127.0.0.1.evil.example", ""):
        assert served.ask("GET", "/en", headers=known(served, Host=host)).status == 421, host
    assert served.ask("GET", "/en", headers=known(served, Host=f"localhost:{served.port}")).status == 200


def test_other_pages_cannot_make_a_browser_code(served: Served) -> None:
    for origin in ("https://evil.example", "null", f"http://127.0.0.1:{served.port + 1}", "http://127.0.0.1"):
        assert act(served, code(), Origin=origin).status == 403, origin
    assert act(served, code(), Origin="", **{"Sec-Fetch-Site": "cross-site"}).status == 403
    for kind in ("text/plain", "multipart/form-data; boundary=x", ""):
        assert act(served, code(), **{"Content-Type": kind}).status == 415, kind
    assert act(served, code(), **{"Content-Encoding": "gzip"}).status == 415
    assert stored(served.study) == []


def test_every_answer_carries_the_policy(served: Served) -> None:
    for answer in (
        served.ask("GET", "/en", headers=known(served)),
        served.ask("GET", "/en"),
        served.ask("GET", "/static/coding.js"),
        served.ask("GET", "/nothing", headers=known(served)),
        act(served, {"do": "nothing"}),
    ):
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'")
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_methods_paths_and_files_that_are_none(served: Served) -> None:
    assert served.ask("PUT", "/en", headers=known(served)).status == 405
    assert served.ask("DELETE", DOCUMENT, headers=known(served)).status == 405
    for path in (
        "/static/../app.py", "/static/..%2fapp.py", "/static/%2e%2e/gate.py", "/static/", "/static/nothing.js",
        "/en/as/anna/round/1/document/harbour/..%2f..%2fcodebook.yml", "/en/as/anna/round/1/document/..%2f..%2fetc/passwd",
        "/en/as/anna/round/1/document/harbour/interview.txt", "/en/as/anna/round/99", "/xx", "/en/as/consensus/round/1",
        "/en/as/anna/round/1/document/harbour/%00", "/en/as/anna/round/x", "/docs", "/openapi.json",
    ):  # fmt: skip
        answer = served.ask("GET", path, headers=known(served))
        assert answer.status in (400, 404), (path, answer.status)
        assert "<script>" not in text_of(answer)
    assert served.ask("GET", "/en?" + "x" * 5000, headers=known(served)).status == 414


@pytest.mark.parametrize(
    ("action", "status"),
    [
        (code(end=10_000), 409),
        (code(start=9, end=9), 409),
        (code(start=9, end=2), 409),
        (code(start=-1), 400),
        (code(start=2**63), 409),
        (code(start="0"), 400),
        (code(start=True), 400),
        (code(head="Other words"), 409),
        (code(concept="nothing"), 409),
        (code(concept="governance"), 409),
        (code(concept=""), 409),
        (code(at="s1", start=None, end=None), 409),
        (code(coder="bram"), 400),
        ({"do": "change", "id": "1/harbour/interview/bram/0-9/trust", "polarity": "supports"}, 409),
        ({"do": "change", "id": "../../etc/passwd", "memo": "x"}, 409),
        ({"do": "change", "id": "1/harbour/interview/anna/0-9/trust", "polarity": "loves"}, 400),
        ({"do": "remove", "id": "1/harbour/interview/anna/0-9/trust"}, 409),
        ({"do": "remove", "id": ""}, 409),
        ({"do": "drop everything"}, 400),
        ([], 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b'{"do": "code", "concept": "' + b"x" * 300_000 + b'"}', 413),
    ],
)
def test_what_is_no_action_is_refused_and_nothing_is_stored(served: Served, action: object, status: int) -> None:
    answer = act(served, action)
    assert answer.status == status, text_of(answer)
    assert "Traceback" not in text_of(answer)
    assert stored(served.study) == []
    assert "Traceback" not in served.said


def test_a_memo_of_any_length_and_kind_is_stored_whole_or_refused(tmp_path: Path) -> None:
    with serving(write_study(tmp_path / "s")) as served:
        identity = json.loads(text_of(act(served, code())))["put"][0][0]
        odd = "<script>alert(1)</script> \u202e 🙂 e\u0301 “”: - # | > {a: b}\n\n---\ttab\x85\u2028 " + "long " * 3500
        assert act(served, {"do": "change", "id": identity, "memo": odd}).status == 200
        (coding,) = stored(served.study)
        assert coding.memo is not None
        assert coding.memo["en"] == odd.strip()
        assert act(served, {"do": "change", "id": identity, "memo": "x" * 20_001}).status == 400
        # The memo in the other language stays when one of them is written.
        dutch = DOCUMENT.replace("/en/", "/nl/") + "/act"
        body = json.dumps({"do": "change", "id": identity, "memo": "Nederlands"}).encode()
        headers = known(served, Origin=served.origin, **{"Content-Type": "application/json"})
        assert served.ask("POST", dutch, body, headers).status == 200
        (coding,) = stored(served.study)
        assert dict(coding.memo or {}) == {"en": odd.strip(), "nl": "Nederlands"}


def test_names_of_coders_are_checked_and_shown_as_text(served: Served) -> None:
    headers = known(served, Origin=served.origin, **{"Content-Type": "application/x-www-form-urlencoded"})
    for typed in ("consensus", "Consensus", "", "+", "a" * 5000, "a%00b"):
        answer = served.ask("POST", "/en/enter", f"coder={typed}&round=1".encode(), headers)
        assert answer.status == 422, typed
        assert 'role="alert"' in text_of(answer)
    assert (
        served.ask("POST", "/en/enter", b"coder=carla&round=1", headers).headers["location"] == "/en/as/carla/round/1"
    )
    assert served.ask("POST", "/en/enter", b"coder=carla&round=x", headers).status == 400


def test_started_for_one_coder_nobody_else_codes(tmp_path: Path) -> None:
    with serving(write_study(tmp_path / "s"), "--coder", "anna", "--language", "nl") as served:
        assert served.ask("GET", "/", headers=known(served)).headers["location"] == "/nl"
        assert served.ask("GET", "/nl", headers=known(served)).headers["location"] == "/nl/as/anna/round/1"
        assert served.ask("GET", "/nl/as/bram/round/1", headers=known(served)).status == 403
        said = served.stop()
        assert "Stopped. Every coding that was acknowledged" in said
        assert "Traceback" not in said


NAMES = ("<img src=x onerror=alert(1)>", "../../x", "a/b", "50%", "“Anna” & co", ".")


def test_odd_names_are_refused_or_stay_text_and_inside_the_folder(tmp_path: Path) -> None:
    study = write_study(tmp_path / "s")
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    taken = []
    with serving(study) as served:
        headers = known(served, Origin=served.origin, **{"Content-Type": "application/x-www-form-urlencoded"})
        posting = {**headers, "Content-Type": "application/json"}
        for name in NAMES:
            entered = served.ask("POST", "/en/enter", f"coder={quote(name)}&round=1".encode(), headers)
            if entered.status == 422:
                continue
            taken.append(name)
            home = entered.headers["location"]
            page = served.ask("GET", home, headers=known(served))
            assert page.status == 200, name
            assert "<img" not in text_of(page)
            path = home + "/document/harbour/interview/act"
            assert served.ask("POST", path, json.dumps(code()).encode(), posting).status == 200, name
        served.stop()
    assert sorted(coding.coder for coding in stored(study)) == sorted(taken)
    made = {path for path in tmp_path.rglob("*") if path.is_file()} - before - {served.log}
    assert {path.parent for path in made} == {study / "casestudies" / "harbour" / "codings"}


def test_a_file_that_is_broken_while_the_program_runs_is_told(tmp_path: Path) -> None:
    study = write_study(tmp_path / "s")
    with serving(study) as served:
        assert act(served, code()).status == 200
        broken = study / "casestudies" / "harbour" / "codings" / "interview.bram.yml"
        broken.write_text("document: interview\ncoder: bram\ncodings: [<img>\n", encoding="utf-8")
        for path in ("/en/as/anna/round/1", DOCUMENT + "/data"):
            answer = served.ask("GET", path, headers=known(served))
            assert answer.status == 409, path
            assert "interview.bram.yml" in text_of(answer)
            assert "<img>" not in text_of(answer)
        broken.unlink()
        assert served.ask("GET", DOCUMENT + "/data", headers=known(served)).status == 200
        assert act(served, code(concept="vision")).status == 200
        assert "Traceback" not in served.said
    assert len(stored(study)) == 2
