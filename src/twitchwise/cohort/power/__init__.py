"""Before a study: how many people, and how long of each, to see a change of a quantity."""
