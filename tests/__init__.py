"""Unit, integration and acceptance tests, sorted by what they need."""
