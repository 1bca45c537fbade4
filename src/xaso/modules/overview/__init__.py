"""Toàn cảnh: the commune's and the province's view, and what the public sees of it."""
