"""A Zalo official account that is none: its own process, its own state, and Zalo's documented rules enforced."""
