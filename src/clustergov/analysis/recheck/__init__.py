"""Published figures held against each other: what their rounding leaves open, and whether they can stand together."""
