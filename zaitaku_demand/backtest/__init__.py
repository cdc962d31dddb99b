"""How well the methods would have done: forecasts from earlier years against what came."""
