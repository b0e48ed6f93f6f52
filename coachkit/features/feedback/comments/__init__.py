"""Comments on a moment of an attempt: sealed with the rating, kept with the words that they are about."""
