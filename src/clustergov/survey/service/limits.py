"""Limits on guessing: who sends links or passwords that do not exist has to wait.

Only misses count. A whole ministry may sit behind one address, and nobody who holds a link that exists is kept from it by
the number of colleagues who hold theirs.

Addresses are kept in the memory of one process, for as long as the window lasts, and are never stored or logged. With n
workers a guesser therefore has n times as many tries at links; a personal link has 128 bits, so that this changes
nothing. Tries at the password are counted in the database as well, per account, where all workers count together (see
`login`).
"""

from __future__ import annotations

import ipaddress
import math
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

_WITH_PORT = re.compile(r"^(?:\[([^\]]+)\]|(\d+(?:\.\d+){3}))(?::\d+)?$")
"""Some proxies tell the port too, and put brackets around what has colons itself."""

if TYPE_CHECKING:
    from starlette.types import Scope


@dataclass
class Misses:
    """How often each address missed within a window of time.

    Attributes
    ----------
    most : int
        Misses that are let through in one window.
    seconds : float
        Length of the window, from the first miss in it.
    clock : callable
        Seconds that only grow.
    addresses : int
        How many are remembered at most; the one that missed longest ago goes first.
    """

    most: int
    seconds: float
    clock: Callable[[], float] = time.monotonic
    addresses: int = 10_000
    _windows: OrderedDict[str, tuple[float, int]] = field(default_factory=OrderedDict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def blocked(self, address: str) -> int:
        """How many whole seconds this address still has to wait; 0 when it may try."""
        with self._lock:
            begun, count = self._window(address)
            return math.ceil(begun + self.seconds - self.clock()) if count >= self.most else 0

    def missed(self, address: str) -> None:
        """Count one miss."""
        with self._lock:
            self._count(address)

    def taken(self, address: str) -> int:
        """As `blocked`; where it is 0 a miss is counted at once, so that tries at one moment share what is let through."""
        with self._lock:
            begun, count = self._window(address)
            if count >= self.most:
                return math.ceil(begun + self.seconds - self.clock())
            self._count(address)
            return 0

    def hit(self, address: str) -> None:
        """Take back what was counted beforehand: it was no miss."""
        with self._lock:
            begun, count = self._window(address)
            if address in self._windows:
                self._windows[address] = (begun, max(0, count - 1))

    def _count(self, address: str) -> None:
        begun, count = self._window(address)
        self._windows[address] = (begun, count + 1)
        self._windows.move_to_end(address)
        while len(self._windows) > self.addresses:
            self._windows.popitem(last=False)

    def _window(self, address: str) -> tuple[float, int]:
        now = self.clock()
        begun, count = self._windows.get(address, (now, 0))
        if now - begun >= self.seconds:
            self._windows.pop(address, None)
            return now, 0
        return begun, count


def address_of(scope: Scope, *, proxy: bool) -> str:
    """The address that a request comes from: of an IPv6 address its network of 64 bits, which one household has whole.

    Parameters
    ----------
    scope : ASGI scope
    proxy : bool
        Whether a proxy of ours stands before the service. Only then is ``X-Forwarded-For`` believed, and of it the last
        entry, which that proxy wrote itself; whatever stands before it may be invented by the sender.
    """
    own = str((scope.get("client") or ("", 0))[0])
    if proxy:
        forwarded = [value for key, value in scope["headers"] if key == b"x-forwarded-for"]
        own = forwarded[-1].decode("latin-1").rsplit(",", 1)[-1].strip() if forwarded else own
    try:
        address = ipaddress.ip_address(_WITH_PORT.sub(r"\1\2", own))
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
