"""Gói số liệu: figures of a period sealed when somebody signs them.

A sealed pack never changes; what changes later becomes a restatement beside it.
"""
