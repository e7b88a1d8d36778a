"""The pages of the Streamlit monitor, one module a page."""
