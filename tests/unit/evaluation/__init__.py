"""Comparing records with what the eye read."""
