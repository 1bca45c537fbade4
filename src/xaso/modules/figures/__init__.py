"""Số liệu: what a number is called, where it comes from, and whether it is proved.

A figure is computed from measures, or declared with a source; both stand side by side.
"""
