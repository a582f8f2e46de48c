"""A survey in the field: how it is fielded, where it is, what comes home, and how that is stored and laid out."""
