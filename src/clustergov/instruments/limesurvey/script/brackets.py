"""Brackets of an expression: around parts that are joined, and off where they stand around the whole."""

from __future__ import annotations

from collections.abc import Iterable


def bare(script: str) -> str:
    """Without brackets around the whole."""
    return script[1:-1] if script.startswith("(") and _closing(script) == len(script) - 1 else script


def _closing(script: str) -> int:
    """Where the bracket is closed with which a text begins."""
    depth, quote = 0, ""
    for place, sign in enumerate(script):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        else:
            depth += (sign == "(") - (sign == ")")
            if depth == 0:
                return place
    return -1


def joined(word: str, parts: Iterable[str]) -> str:
    unique = list(dict.fromkeys(parts))
    return unique[0] if len(unique) == 1 else f"({f' {word} '.join(unique)})"
