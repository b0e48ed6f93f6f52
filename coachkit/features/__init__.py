"""Floor 3: the rooms, one for each thing a user can do. A room imports lower rooms only."""
