"""Knows Ray and both neighbours: decides order, resources and retries."""
