"""Loads `content/` into versioned rows: validate, compare checksums, write a new version. The second run does nothing."""
