"""Files and recordings beside what was written down: uploading, agreeing, playing, keeping and deleting."""
