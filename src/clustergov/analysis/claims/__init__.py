"""Claims: what a source says, what the data say about it, and the verdict."""
