"""Knows models and pixels: plain classes with one batch method each, testable without Ray."""
