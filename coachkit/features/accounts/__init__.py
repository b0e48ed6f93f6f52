"""People, roles, cohorts, who coaches whom, and signing in."""
