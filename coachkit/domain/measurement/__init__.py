"""Combining human ratings by published rules: the many-facet model."""
