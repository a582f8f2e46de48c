"""Who could have answered: the sampling frame, outcome rates, comparison with respondents, weights, and the design."""
