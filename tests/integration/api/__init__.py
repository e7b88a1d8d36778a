"""The API as a client meets it: a real server on a real port, a real Postgres behind it."""
