"""Zalo: the official account's messages and templates, one chain of tokens, falling back to SMS."""
