"""Speakers that speak their maker's language: what can be translated is, what cannot be known is said."""
