"""The monitor's pure parts: words for numbers, HTML pieces, boxes on pictures."""
