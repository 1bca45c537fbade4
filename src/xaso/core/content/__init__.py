"""Loads `content/` into versioned rows: validate, compare checksums, write a new version. A second run does nothing."""
