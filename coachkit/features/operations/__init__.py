"""Running coachkit: erasure and export, the audit reader, health, the demo."""
