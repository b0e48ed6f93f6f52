"""Being named on one record."""
