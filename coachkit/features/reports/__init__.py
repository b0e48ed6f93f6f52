"""Progress reports: the frozen object, its page and its PDF."""
