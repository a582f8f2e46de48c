"""Codebooks and projects from and for other software: REFI-QDA and CSV."""
