"""Where the server and the account come from, and that a password shows nowhere."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from clustergov.problems import InputError
from clustergov.survey.limesurvey.credentials import PASSWORD, SERVICE, UNENCRYPTED, URL, USER, Credentials

SECRET = "s3cret-of-mine"
HTTPS = "https://surveys.example.org/index.php/admin/remotecontrol"
WHOLE = {URL: HTTPS, USER: "anna", PASSWORD: SECRET}


@pytest.fixture
def keyring_with(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], list[tuple[str, str]]]:
    """Put an answer, or an error, in the place of the system's keyring; the list is what it was asked for."""
    keyring = pytest.importorskip("keyring", reason="pip install 'clustergov[limesurvey]'")

    def put(answer: Any) -> list[tuple[str, str]]:
        asked: list[tuple[str, str]] = []

        def get_password(service: str, user: str) -> Any:
            asked.append((service, user))
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr(keyring, "get_password", get_password)
        return asked

    return put


def refused(environment: dict[str, str]) -> InputError:
    with pytest.raises(InputError) as caught:
        Credentials.find(environment)
    assert SECRET not in str(caught.value), "no message holds the password"
    return caught.value


def test_the_environment_is_taken_and_the_keyring_not_asked(
    keyring_with: Callable[[Any], list[tuple[str, str]]],
) -> None:
    asked = keyring_with("another")
    assert Credentials.find(WHOLE) == Credentials(HTTPS, "anna", SECRET)
    assert asked == []


def test_the_keyring_has_the_password_where_the_environment_has_none(
    keyring_with: Callable[[Any], list[tuple[str, str]]],
) -> None:
    asked = keyring_with(SECRET)
    assert Credentials.find({URL: HTTPS, USER: "anna"}).password == SECRET
    assert asked == [(SERVICE, "anna")]


def test_the_password_is_in_no_representation() -> None:
    found = Credentials.find(WHOLE)
    assert SECRET not in repr(found) + str(found) + f"{found}" + repr(copy.copy(found))
    assert SECRET not in repr({"credentials": [found]})
    assert pickle.loads(pickle.dumps(found)) == found


def test_what_is_missing_is_told_at_once(keyring_with: Callable[[Any], list[tuple[str, str]]]) -> None:
    keyring_with(None)
    error = refused({})
    assert [URL in problem.fix or USER in problem.fix for problem in error.problems] == [True, True]


@pytest.mark.parametrize("answer", [None, ""])
def test_an_empty_keyring_says_how_to_fill_it(
    answer: Any, keyring_with: Callable[[Any], list[tuple[str, str]]]
) -> None:
    keyring_with(answer)
    assert f"keyring set {SERVICE} anna" in str(refused({URL: HTTPS, USER: "anna"}))


def test_a_keyring_that_cannot_be_read_is_no_traceback(keyring_with: Callable[[Any], list[tuple[str, str]]]) -> None:
    errors = pytest.importorskip("keyring.errors")
    keyring_with(errors.NoKeyringError("no backend"))
    assert "NoKeyringError" in str(refused({URL: HTTPS, USER: "anna"}))


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        (f"https://anna:{SECRET}@surveys.example.org/index.php/admin/remotecontrol", "limesurvey-address"),
        (f"https://{SECRET}@surveys.example.org/index.php/admin/remotecontrol", "limesurvey-address"),
        ("surveys.example.org/index.php/admin/remotecontrol", "limesurvey-address"),
        ("ftp://surveys.example.org/index.php/admin/remotecontrol", "limesurvey-address"),
        ("https:///index.php/admin/remotecontrol", "limesurvey-address"),
        ("https://surveys.example.org/", "limesurvey-address"),
        ("https://surveys.example.org/index.php/admin/remotecontrols", "limesurvey-address"),
        ("https://surveys.example.org/index.php/admin/remotecontrol?x=1", "limesurvey-address"),
        ("https://[surveys/index.php/admin/remotecontrol", "limesurvey-address"),
        ("https://surveys.example.org:99999/index.php/admin/remotecontrol", "limesurvey-address"),
        ("http://surveys.example.org/index.php/admin/remotecontrol", "limesurvey-unencrypted"),
        ("http://127.0.0.1.example.org/index.php/admin/remotecontrol", "limesurvey-unencrypted"),
        ("http://localhost.example.org/index.php/admin/remotecontrol", "limesurvey-unencrypted"),
        ("http://0.0.0.0/index.php/admin/remotecontrol", "limesurvey-unencrypted"),
        ("http://192.168.1.4/index.php/admin/remotecontrol", "limesurvey-unencrypted"),
    ],
)  # fmt: skip
def test_addresses_that_would_go_wrong_are_refused_before_anything_is_sent(url: str, rule: str) -> None:
    assert refused(WHOLE | {URL: url}).problems[0].rule == rule


@pytest.mark.parametrize(
    "url",
    [
        HTTPS,
        f"{HTTPS}/",
        "https://surveys.example.org/index.php?r=admin/remotecontrol",
        "https://example.org/limesurvey/index.php/admin/remotecontrol",
        "http://localhost:8080/index.php/admin/remotecontrol",
        "http://127.3.2.1/index.php/admin/remotecontrol",
        "http://[::1]:8080/index.php/admin/remotecontrol",
    ],
)
def test_addresses_that_are_taken(url: str) -> None:
    assert Credentials.find(WHOLE | {URL: url}).url == url


@pytest.mark.parametrize(("switch", "taken"), [("yes", True), ("no", False), ("1", False), ("", False)])
def test_unencrypted_needs_its_own_switch(switch: str, taken: bool) -> None:
    environment = WHOLE | {URL: "http://lime:8080/index.php/admin/remotecontrol", UNENCRYPTED: switch}
    if taken:
        assert not Credentials.find(environment).encrypted
    else:
        assert UNENCRYPTED in str(refused(environment))


@pytest.mark.parametrize(
    ("url", "link"),
    [
        (HTTPS, "https://surveys.example.org/index.php/123456?lang=nl"),
        (f"{HTTPS}/", "https://surveys.example.org/index.php/123456?lang=nl"),
        ("https://e.org/ls/index.php?r=admin/remotecontrol", "https://e.org/ls/index.php?r=survey/index&sid=123456&lang=nl"),
    ],
)  # fmt: skip
def test_where_a_respondent_begins(url: str, link: str) -> None:
    assert Credentials(url, "anna", SECRET).respondents(123456, "nl") == link
