"""Scales: how well several items measure one thing."""
