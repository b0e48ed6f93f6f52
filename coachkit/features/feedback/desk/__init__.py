"""A coach's desk: whose turn it is with what, what is put aside, and what is handed over."""
