"""Estimates about the population that was sampled: weights, strata and the part that answered."""
