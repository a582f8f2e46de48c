"""What respondents answered: counts, shares, orders and rank correlations."""
