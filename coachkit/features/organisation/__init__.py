"""The organisation before any person: the readiness check, and what the role stands on."""
