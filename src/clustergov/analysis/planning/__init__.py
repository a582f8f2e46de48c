"""Before data are in: power, and a plan that is kept."""
