"""What a questionnaire means, proved by a solver: what can be asked, and which conditions say the same."""
