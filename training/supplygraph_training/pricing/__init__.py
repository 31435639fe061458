"""The pricing network: how demand answers to prices, learned from drawn shops and the elasticity engine."""
