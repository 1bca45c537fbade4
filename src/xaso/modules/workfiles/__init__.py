"""Hồ sơ công việc: what belongs to one task, closed and handed to the archive."""
