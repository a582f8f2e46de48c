"""Confirmatory factor models: a model in lavaan's syntax, its estimates, its fit, and whether it holds in every group."""
