"""Rates: national by sex and age, scaled to prefecture or area, or the user's own."""
