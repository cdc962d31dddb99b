"""Reliability: how much of the difference between places is signal, whether it lasts, and what that means for comparing them."""
