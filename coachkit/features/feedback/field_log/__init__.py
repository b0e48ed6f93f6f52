"""The field log: the same act in real work, with a witness."""
