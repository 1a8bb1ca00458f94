"""Streamlit widgets that return what a person gave."""
