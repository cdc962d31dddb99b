"""How many places, years or cases a future study needs, from the variance components of the real panel."""
