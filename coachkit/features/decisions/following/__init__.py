"""Following a decision after it was made."""
