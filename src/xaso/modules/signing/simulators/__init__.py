"""Signing services that can be had without a contract: each a process of its own that keeps the documented rules.

They are for tests and for the demonstration, and say so in every answer and on their page. Their keys are made when
they start and prove nothing to anybody.
"""
