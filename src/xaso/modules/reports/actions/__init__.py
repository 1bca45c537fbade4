"""Verbs of reports and exports."""
