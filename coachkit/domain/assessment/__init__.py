"""The scale, sheets of ratings, and self against coach."""
