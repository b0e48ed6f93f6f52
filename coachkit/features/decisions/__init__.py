"""The organisation's readiness, purposes, releases, the board, and decisions on the record."""
