"""The learner shows the outcome of an interest-and-care conversation to a purpose, or takes it back."""
