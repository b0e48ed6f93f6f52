"""When a review card comes back, and which ones make up a day."""
