"""Who misses too often waits, and nobody else does."""

from __future__ import annotations

import pytest

from clustergov.survey.service.limits import Misses, address_of


def test_only_misses_count_and_only_for_their_address() -> None:
    now = [0.0]
    misses = Misses(most=3, seconds=60, clock=lambda: now[0])
    for _ in range(3):
        assert misses.blocked("a") == 0
        misses.missed("a")
    assert misses.blocked("a") == 60
    assert misses.blocked("b") == 0
    now[0] = 59.5
    assert misses.blocked("a") == 1
    now[0] = 60.0
    assert misses.blocked("a") == 0


def test_tries_at_one_moment_share_what_is_let_through() -> None:
    misses = Misses(most=3, seconds=60, clock=lambda: 0.0)
    assert [misses.taken("a") for _ in range(5)] == [0, 0, 0, 60, 60]
    misses.hit("a")  # one of them was no miss
    assert [misses.taken("a") for _ in range(2)] == [0, 60]
    misses.hit("b")
    assert misses.blocked("b") == 0


def test_memory_is_bounded_whatever_comes() -> None:
    misses = Misses(most=1, seconds=60, addresses=100)
    for number in range(1000):
        misses.missed(str(number))
    assert len(misses._windows) == 100
    assert misses.blocked("999") > 0
    assert misses.blocked("0") == 0


@pytest.mark.parametrize(
    ("client", "forwarded", "proxy", "address"),
    [
        ("192.0.2.1", [], False, "192.0.2.1"),
        ("192.0.2.1", ["203.0.113.9"], False, "192.0.2.1"),
        ("192.0.2.1", ["203.0.113.9"], True, "203.0.113.9"),
        ("192.0.2.1", ["1.1.1.1, 203.0.113.9"], True, "203.0.113.9"),
        ("192.0.2.1", ["203.0.113.9", "198.51.100.7"], True, "198.51.100.7"),
        ("192.0.2.1", ["203.0.113.9:4711"], True, "203.0.113.9"),
        ("192.0.2.1", ["[2001:db8:1:2::9]:4711"], True, "2001:db8:1:2::/64"),
        ("192.0.2.1", ["2001:db8:1:2::9"], True, "2001:db8:1:2::/64"),
        ("192.0.2.1", ["anything\r\n"], True, "unknown"),
        ("2001:db8:1:2:3:4:5:6", [], False, "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", [], False, "192.0.2.1"),
    ],
)
def test_address_is_believed_from_a_proxy_only_where_there_is_one(
    client: str, forwarded: list[str], proxy: bool, address: str
) -> None:
    headers = [(b"x-forwarded-for", each.encode()) for each in forwarded]
    assert address_of({"client": (client, 1), "headers": headers}, proxy=proxy) == address
