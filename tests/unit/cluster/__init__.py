"""Tests of what decides order, resources and retries, without services."""
