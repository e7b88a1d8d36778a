"""Tests on real Postgres and real local Ray."""
