"""Trying again: the critical two minutes at once, and the parallel form days later."""
