"""Tests of the pipeline on a real local Ray and a real Postgres."""
