"""Đánh giá: the yearly cycle from self-score to publication, appeal and lock.

Three scores are kept apart, each with the reason it differs.
"""
