"""HR's work sheet: counts go in, words come out, and nothing is kept."""
