"""Telling people what happened: a list in coachkit, and mails that say that there is something, never what."""
