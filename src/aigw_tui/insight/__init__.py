"""What follows from the figures: pure functions from values to values."""
