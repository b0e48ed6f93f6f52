"""What each person sees first."""
