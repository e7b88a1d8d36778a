"""The routes of the HTTP edge, one noun a file."""
