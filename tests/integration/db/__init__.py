"""The database layer on a real Postgres."""
