"""Which few indicators, in which order, and whether that choice depends on the weights."""
