"""Văn bản đi: drafts, signatures, numbers, issue, and what became of each copy."""
