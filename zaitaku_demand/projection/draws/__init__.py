"""Random draws around a projection: what is uncertain, drawn together, and what follows for figures and peaks."""
