"""What is coded: documents read from files of several kinds, and passages in them."""
