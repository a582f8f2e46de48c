"""Multiverse: one question answered under every defensible set of choices, and what the choices do to the answer."""
