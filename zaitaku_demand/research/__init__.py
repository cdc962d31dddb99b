"""The researcher's bench: which outcome indicators can be trusted, and what goes with them."""
