"""A simulated provincial axis, a process of its own: for tests, training and the demonstration. Never the real one."""
