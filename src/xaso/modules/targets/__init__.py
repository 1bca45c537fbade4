"""Chỉ tiêu và nhiệm vụ: what was promised, who does what, and what came of it."""
