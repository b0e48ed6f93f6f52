"""A coach's own phrases per criterion: they draft a comment and never send one."""
