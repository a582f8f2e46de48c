"""Inference for coefficients: which standard error, which distribution, which test, and why."""
