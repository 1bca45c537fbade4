"""Decisions about figures: what a value is, how it is read and shown, what follows from two of them."""
