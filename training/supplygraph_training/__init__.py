"""Trains, exports and evaluates the models that Supplygraph serves."""
