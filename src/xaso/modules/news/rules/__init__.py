"""Decisions of news: which step follows which, what a text may hold. Pure."""
