"""Compares product records with what the eye read: names, fields, pictures. No pipeline, no HTTP, no database."""
