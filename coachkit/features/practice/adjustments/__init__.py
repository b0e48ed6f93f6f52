"""What is different for one learner: more time, in writing, no camera. The adjustment is kept, never the reason."""
