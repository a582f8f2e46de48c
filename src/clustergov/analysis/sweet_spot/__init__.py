"""Sweet spots: whether performance is best at a named share, such as 60/40, and whether the mean share is the named one."""
