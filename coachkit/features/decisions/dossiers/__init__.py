"""The dossier of a record, for each audience."""
