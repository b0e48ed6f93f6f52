"""What can be found in a library, and how a find is shown."""
