"""Floor 0: what coachkit knows. No clock, disk, network, database or framework."""
