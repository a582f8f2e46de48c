"""The page on which documents are coded."""
