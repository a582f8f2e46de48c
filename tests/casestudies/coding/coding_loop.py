"""A coder who never stops, to be killed: codes, changes, removes and settles, and says each time that it is done."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

from clustergov.casestudies.coding.workbench import Workbench


def main() -> None:
    folder, seed = Path(sys.argv[1]), int(sys.argv[2])
    draw = random.Random(seed)
    bench = Workbench.open(folder)
    size = len(bench.corpus.document("north", "interview").text)
    held = {
        one.id: one for one in bench.codings("north", "interview", coder="ann", round=1) if one.coding.coder == "ann"
    }
    while True:
        what = draw.random()
        if held and what < 0.3:
            one = bench.remove("ann", draw.choice(sorted(held)))
            del held[one.id]
            said = [one.id, None]
        elif held and what < 0.5:
            one = bench.change("ann", draw.choice(sorted(held)), polarity=draw.choice(("supports", "qualifies", None)))
            said = [one.id, one.coding.polarity or "-"]
        else:
            start = draw.randrange(size - 5)
            concept = draw.choice(("trust", "vision"))
            if f"1/north/interview/ann/{start}-{start + 5}/{concept}" in held:
                continue
            one = bench.code("ann", 1, "north", "interview", concept, start=start, end=start + 5)
            said = [one.id, "-"]
        if said[1] is not None:
            held[one.id] = one
        print(json.dumps(said), flush=True)
        if what > 0.9:
            bench.settle()


if __name__ == "__main__":
    main()
