"""Own processes that stand for others while we test."""
