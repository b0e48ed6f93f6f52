"""The learner's boss as sponsor: sees what the learner shares, and nothing else."""
