"""Floor 1: plumbing for every room. No pages."""
