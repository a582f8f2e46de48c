"""Versions of a questionnaire: what changed in meaning, and which answers of one are answers of the other."""
