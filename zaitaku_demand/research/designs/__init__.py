"""Before/after designs: what changed when a place got something new, or when a rule changed everywhere."""
