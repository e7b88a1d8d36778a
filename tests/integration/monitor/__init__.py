"""The monitor's pages against a real database and a real browser."""
