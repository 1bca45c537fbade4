"""Gateways of operators as processes of our own, to try a configuration without a contract. They say what they are."""
