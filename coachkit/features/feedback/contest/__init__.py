"""«I see it differently»: a rating, a note or a sentence of a report is looked at again by somebody else."""
