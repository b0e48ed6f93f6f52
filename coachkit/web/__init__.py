"""Floor 2: the shell of every page, rooms excluded."""
