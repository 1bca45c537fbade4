"""Phản ánh, kiến nghị: what residents report, answered in time, its public course without personal data."""
