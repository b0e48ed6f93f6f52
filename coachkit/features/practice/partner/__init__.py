"""Somebody plays the other side: invited by a link, with the partner's card and two sentences, and nothing else."""
