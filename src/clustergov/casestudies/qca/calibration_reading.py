"""Reading anchors as a person writes them: ``A: 10, 20, 30`` or ``A: e=10, c=20, i=30`` or ``A: linear 10, 20, 30``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import get_args

from clustergov.casestudies.qca.calibration import Calibration, Method
from clustergov.problems import InputError, Problem

_NUMBER = r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"
_ORDERS = {"eci": "logistic", "e1c1i1i2c2e2": "bell", "i1c1e1e2c2i2": "inverted"}


def parse_calibrations(texts: Iterable[str]) -> dict[str, Calibration]:
    """Read one calibration per text.

    Without a method three numbers are exclusion, crossover and inclusion of the logistic method, six those of the bell,
    and one is the threshold of a crisp set. Two, or more than three, need a method: ``A: levels 10, 20``.

    Raises
    ------
    InputError
        With every text that is no calibration, and every set that has two.
    """
    found: dict[str, Calibration] = {}
    problems = []
    for text in texts:
        name, _, rest = text.partition(":")
        one = _calibration(rest)
        if not name.strip() or one is None:
            problems.append(Problem("qca-calibration", f"expected a set and its anchors, found “{text}”.",
                                    "Write it like “A: 10, 20, 30” (exclusion, crossover, inclusion), “A: levels 10, 20” "
                                    f"or another method: {', '.join(get_args(Method))}."))  # fmt: skip
        elif name.strip() in found:
            problems.append(Problem("qca-calibration", f"{name.strip()} is calibrated twice.", "Keep one."))
        else:
            found[name.strip()] = one
            problems += one.problems(name.strip())
    if problems:
        raise InputError(problems)
    return found


def _calibration(text: str) -> Calibration | None:
    method, rest = _method(text.strip())
    parts = [part.strip() for part in rest.split(",")]
    names = [part.split("=")[0].strip() if "=" in part else "" for part in parts]
    numbers = [part.split("=")[-1].strip() for part in parts]
    if not all(re.fullmatch(_NUMBER, number) for number in numbers):
        return None
    anchors = tuple(float(number) for number in numbers)
    inverted = False
    if any(names):
        order = "".join(names)
        if order not in _ORDERS:
            return None
        inverted = _ORDERS[order] == "inverted"
        method = method or ("bell" if len(anchors) == 6 else "logistic")
    if method is None:
        guess: dict[int, Method] = {1: "levels", 3: "logistic", 6: "bell"}
        method = guess.get(len(anchors))
    return None if method is None else Calibration(method, anchors, inverted=inverted)


def _method(text: str) -> tuple[Method | None, str]:
    for method in get_args(Method):
        if text.startswith(method):
            return method, text.removeprefix(method)
    return None, text
