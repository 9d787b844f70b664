"""A study as one page: who, how long, how good, what was found, how well it repeats, what failed and what made it."""
