"""Measures speed and memory, always as ratios in one run; the aim stands beside each figure."""
