"""Decisions about reports. Pure."""
