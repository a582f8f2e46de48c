"""Every way in which a LimeSurvey server says no, told in words of what to do; repeated only where that is safe."""

from __future__ import annotations

import logging
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from clustergov.survey.limesurvey import connection, errors
from clustergov.survey.limesurvey.connection import WAITS, Connection
from clustergov.survey.limesurvey.credentials import Credentials
from clustergov.survey.limesurvey.errors import LimeSurveyError, of_status, said
from conftest import unavailable
from remote_control import PASSWORD, PATH, USER, FakeLimeSurvey

ERRORS = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, LimeSurveyError)]


def refused(credentials: Credentials, kind: type[LimeSurveyError]) -> str:
    with pytest.raises(LimeSurveyError) as caught, Connection(credentials, sleep=lambda _: None) as server:
        server.ask("get_summary", 1)
    assert type(caught.value) is kind
    assert PASSWORD not in str(caught.value)
    return str(caught.value)


def test_every_error_says_what_to_do_under_a_rule_of_its_own() -> None:
    assert len({each.rule for each in ERRORS}) == len(ERRORS) == 14
    assert all(each.fix.endswith((".", ")")) for each in ERRORS)


def test_the_session_is_always_released(fake: FakeLimeSurvey, credentials: Credentials) -> None:
    with Connection(credentials) as server:
        server.ask("get_server_version")
        assert len(fake.keys) == 1
    assert fake.keys == set()
    assert fake.calls[-1] == "release_session_key"


def interrupted(credentials: Credentials) -> None:
    with Connection(credentials):
        raise KeyboardInterrupt


def test_the_session_is_released_on_an_interruption(fake: FakeLimeSurvey, credentials: Credentials) -> None:
    with pytest.raises(KeyboardInterrupt):
        interrupted(credentials)
    assert fake.keys == set()


def test_a_server_that_is_gone_at_the_end_is_no_error(fake: FakeLimeSurvey, credentials: Credentials) -> None:
    with Connection(credentials):
        fake.trouble("release_session_key", "hung up")


def test_a_wrong_password_is_tried_once(fake: FakeLimeSurvey) -> None:
    told = refused(Credentials(fake.url, USER, "wrong"), errors.LoginRefusedError)
    assert "CLUSTERGOV_LIMESURVEY_PASSWORD" in told
    assert fake.calls == ["get_session_key"], "each wrong one counts towards being locked out"


def test_too_many_logins(fake: FakeLimeSurvey, credentials: Credentials) -> None:
    words = "You have exceeded the number of maximum login attempts. Please wait 10 minutes before trying again."
    fake.trouble("get_session_key", f"status: {words}")
    assert "10 minutes" in refused(credentials, errors.TooManyLoginsError)


@pytest.mark.parametrize(("interface", "kind"), [("off", errors.SwitchedOffError), ("xml", errors.UnintelligibleError)])
def test_remote_control_switched_off(
    fake: FakeLimeSurvey, credentials: Credentials, interface: str, kind: type[LimeSurveyError]
) -> None:
    fake.interface = interface
    refused(credentials, kind)


def test_an_address_where_nothing_is(fake: FakeLimeSurvey) -> None:
    wrong = fake.url.replace(PATH, "/limesurvey/index.php/admin/remotecontrol")
    assert "404" in refused(Credentials(wrong, USER, PASSWORD), errors.WrongAddressError)


def test_nobody_listens() -> None:
    pytest.importorskip("citric")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = refused(Credentials(f"http://127.0.0.1:{port}{PATH}", USER, PASSWORD), errors.UnreachableError)
    assert "refused" in told.lower()


def test_a_server_that_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("citric")
    monkeypatch.setattr(connection, "ANSWER_TIMEOUT", 0.1)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}{PATH}"
        assert "in time" in refused(Credentials(url, USER, PASSWORD), errors.UnreachableError)


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        ("error page", errors.FailedError),
        ("busy", errors.UnreachableError),
        ("log-in page", errors.UnintelligibleError),
        ("nothing", errors.SwitchedOffError),
        ("hung up", errors.UnreachableError),
        ("status: No permission", errors.NotAllowedError),
        ("status: Error: Invalid survey ID", errors.NoSuchSurveyError),
        ("status: Invalid surveyid", errors.NoSuchSurveyError),
        ("status: No available data", errors.NothingThereError),
        ("status: Error: Missing <b>title</b> &amp; code", errors.RefusedError),
        ("error: CDbCommand failed to execute the SQL statement", errors.FailedError),
    ],
)
def test_what_goes_wrong_has_a_type(
    fake: FakeLimeSurvey, server: Connection, trouble: str, kind: type[LimeSurveyError]
) -> None:
    fake.trouble("get_summary", trouble, times=9)
    with pytest.raises(LimeSurveyError) as caught:
        server.ask("get_summary", 1)
    assert type(caught.value) is kind
    assert "<b>" not in str(caught.value)


@pytest.mark.parametrize("trouble", ["hung up", "busy"])
def test_a_question_is_asked_again_when_nobody_answers(
    fake: FakeLimeSurvey, server: Connection, waits: list[float], trouble: str
) -> None:
    fake.trouble("list_surveys", trouble, times=len(WAITS))
    assert server.rows("list_surveys") == []
    assert waits == list(WAITS)
    assert fake.calls.count("list_surveys") == len(WAITS) + 1


@pytest.mark.parametrize("trouble", ["error page", "status: No permission", "nothing", "error: broken"])
def test_a_question_that_was_answered_is_not_asked_again(
    fake: FakeLimeSurvey, server: Connection, waits: list[float], trouble: str
) -> None:
    fake.trouble("list_surveys", trouble, times=9)
    with pytest.raises(LimeSurveyError):
        server.ask("list_surveys")
    assert (fake.calls.count("list_surveys"), waits) == (1, [])


@pytest.mark.parametrize("method", ["activate_survey", "invite_participants", "delete_survey", "activate_tokens"])
@pytest.mark.parametrize("trouble", ["hung up", "busy"])
def test_a_change_is_never_made_twice(
    fake: FakeLimeSurvey, server: Connection, waits: list[float], method: str, trouble: str
) -> None:
    fake.trouble(method, trouble, times=9)
    with pytest.raises(errors.UnreachableError):
        server.tell(method, 123456)
    assert (fake.calls.count(method), waits) == (1, [])


@pytest.mark.parametrize("verb", ["ask", "tell"])
def test_an_expired_session_is_renewed_once(fake: FakeLimeSurvey, server: Connection, verb: str) -> None:
    """A call that is refused for its session key has done nothing, so it may be repeated."""
    fake.trouble("get_survey_properties", "expired")
    with pytest.raises(errors.NoSuchSurveyError):
        getattr(server, verb)("get_survey_properties", 1)
    assert fake.calls == ["get_session_key", "get_survey_properties", "get_session_key", "get_survey_properties"]


def test_a_session_that_expires_again_is_an_error(fake: FakeLimeSurvey, server: Connection) -> None:
    fake.trouble("get_survey_properties", "expired", times=2)
    with pytest.raises(errors.SessionExpiredError):
        server.ask("get_survey_properties", 1)
    assert fake.calls.count("get_session_key") == 2


def test_none_is_an_empty_list_where_a_list_was_asked_for(fake: FakeLimeSurvey, server: Connection) -> None:
    assert server.rows("list_surveys") == []
    with pytest.raises(errors.NoSuchSurveyError):
        server.rows("list_groups", 123456)


def test_the_version_is_known(fake: FakeLimeSurvey, server: Connection) -> None:
    assert server.version == "6.14.0"
    assert server.remarks() == []


def test_a_version_never_tried_is_told(fake: FakeLimeSurvey, credentials: Credentials) -> None:
    fake.version = "7.0.1"
    with Connection(credentials) as server:
        assert "LimeSurvey 7.0.1 was never tried" in server.remarks()[0]


def test_a_user_who_may_not_know_the_version_can_work(fake: FakeLimeSurvey, credentials: Credentials) -> None:
    fake.superadmin = False
    with Connection(credentials) as server:
        assert server.version == ""
        assert "does not tell" in server.remarks()[0]


def test_messages_hold_no_person(fake: FakeLimeSurvey) -> None:
    told = said(
        "Duplicate entry 'tok12345' for key 'token'. jan.jansen@example.org. The SQL statement executed was: INSERT …"
    )
    assert told == "Duplicate entry […] for key 'token'. […]."
    assert len(said("x" * 10_000)) < 400
    assert of_status("<script>alert(1)</script>&lt;", what="x").problems[0].message.count("<") == 1


def test_the_password_is_in_no_log(
    fake: FakeLimeSurvey, credentials: Credentials, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with Connection(credentials) as server:
        server.rows("list_surveys")
        key = next(iter(fake.keys))
        assert PASSWORD not in repr(server) + str(vars(server))
    assert caplog.records, "urllib3 and citric log something"
    assert PASSWORD not in caplog.text
    assert key not in caplog.text


def test_a_slip_of_ours_is_no_error_of_the_server(server: Connection) -> None:
    with pytest.raises(TypeError):
        server.ask("list_groups")


class _Elsewhere(BaseHTTPRequestHandler):
    """Sends everybody on to another address."""

    arrived: list[str]

    def do_POST(self) -> None:
        self.arrived.append(self.path)
        self.send_response(308)
        self.send_header("Location", f"http://{self.headers['Host']}/stolen?key=1")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[HTTPServer]:
    pytest.importorskip("citric")
    _Elsewhere.arrived = []
    http = HTTPServer(("127.0.0.1", 0), _Elsewhere)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield http
    http.shutdown()
    http.server_close()
    thread.join()


def test_a_redirection_does_not_take_the_password_along(elsewhere: HTTPServer) -> None:
    url = f"http://127.0.0.1:{elsewhere.server_address[1]}{PATH}"
    assert "/stolen" in refused(Credentials(url, USER, PASSWORD), errors.WrongAddressError)
    assert _Elsewhere.arrived == [PATH]


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate that nobody has signed but itself."""
    file = tmp_path / "own.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
               "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(file), "-out", str(tmp_path / "cert.pem")]  # fmt: skip
    try:
        subprocess.run(command, check=True, capture_output=True)
    except FileNotFoundError:
        unavailable("openssl", "Install it: apt-get install openssl (Debian).")
    file.write_text(file.read_text() + (tmp_path / "cert.pem").read_text())
    return file


@pytest.fixture
def encrypted(fake: FakeLimeSurvey, certificate: Path) -> Credentials:
    """The same server over TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    assert fake._http is not None
    fake._http.socket = context.wrap_socket(fake._http.socket, server_side=True)
    return Credentials(fake.url.replace("http://", "https://"), USER, PASSWORD)


def test_a_certificate_of_nobody_is_refused(encrypted: Credentials, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    told = refused(encrypted, errors.UntrustedError)
    assert "self" in told
    assert "REQUESTS_CA_BUNDLE" in told


def test_a_server_without_tls_is_told(fake: FakeLimeSurvey, credentials: Credentials) -> None:
    secure = Credentials(credentials.url.replace("http://", "https://"), USER, PASSWORD)
    assert "does not speak TLS" in refused(secure, errors.UntrustedError)


@pytest.mark.parametrize("value", ["", "0", "false"])
def test_verification_cannot_be_switched_off(
    encrypted: Credentials, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", value)
    monkeypatch.setenv("CURL_CA_BUNDLE", value)
    refused(encrypted, errors.UntrustedError)


def test_an_authority_of_ones_own_is_trusted(
    encrypted: Credentials, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.with_name("cert.pem")))
    with Connection(encrypted) as server:
        assert server.version == "6.14.0"


def test_unencrypted_loopback_is_not_sent_through_a_proxy(
    fake: FakeLimeSurvey, credentials: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with Connection(credentials) as server:
        assert server.version == "6.14.0"
