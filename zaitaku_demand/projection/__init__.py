"""Rates times population: projections, their peak, certified persons, double need."""
