"""Who saw what where: codings, the actions by which they came about, rounds, and where coders disagree."""
