"""The same work on many tasks: in this process, in several, or on a Dask cluster; same tasks, same numbers."""

from __future__ import annotations

from clustergov.spread.spreading import Progress, Spread, SpreadWarning, seeds, spread

__all__ = ["Progress", "Spread", "SpreadWarning", "seeds", "spread"]
