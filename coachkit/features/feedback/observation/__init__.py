"""Watching a role-play live: note what is seen first, rate it afterwards."""
