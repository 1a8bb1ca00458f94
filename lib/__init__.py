"""Interactive Machine Learning Experiments: everything that pages and notebooks share."""
