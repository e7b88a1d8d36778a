"""Tests of what judges: verdicts must be able to fail."""
