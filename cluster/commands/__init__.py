"""The commands of `quarry`, and how they look in a terminal."""
