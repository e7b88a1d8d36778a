"""What can be a name: of a product, of a series. Knows words and values, no geometry."""
