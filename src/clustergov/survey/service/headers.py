"""What every answer of a page of ours carries, and under which names this machine may be addressed."""

from __future__ import annotations

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-embedder-policy", b"require-corp"),
    (b"x-robots-tag", b"noindex, nofollow"),
)
"""On every answer. (OWASP, HTTP Headers Cheat Sheet; ``x-frame-options`` for browsers that do not know CSP.)"""

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def allowed(host: str, hosts: frozenset[str]) -> bool:
    """Whether a request may be addressed to this host: one of ours, or this machine's own names at any port."""
    name, _, port = host.rpartition(":")
    own = host if not port.isdigit() or not name else name
    return host in hosts or own in _LOOPBACK
