"""Everything together, started and used as a user does it."""
