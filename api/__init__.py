"""The routes of the HTTP edge, one noun a file. `serve_app` puts them together."""
