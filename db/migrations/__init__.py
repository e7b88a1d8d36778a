"""Alembic's environment and the versions: each version is a .sql file with a small .py beside it."""
