"""Playing a branching dialogue: what was chosen decides everything, so nothing else is ever kept."""
