"""Products that stand in tables: which tables have them, a row's name, and each cell under its header."""
