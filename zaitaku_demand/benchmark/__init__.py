"""Comparison of areas: intervals, standardisation, funnels, shrinkage, ranks, trends, peers, function coefficients."""
