"""What a report says: frozen objects, their wording, and the geometry of their charts."""
