"""Association of structure, process and outcome: models, each stated as association only."""
