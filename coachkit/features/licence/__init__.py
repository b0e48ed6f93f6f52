"""Training coaches' eyes on reference ratings, and the licences that come of it."""
