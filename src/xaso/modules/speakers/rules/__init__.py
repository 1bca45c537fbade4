"""Decisions about speakers, in plain Python: no Django, no clock."""
