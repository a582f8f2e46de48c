"""Models of what drives performance."""
