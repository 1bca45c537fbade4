"""Danh mục thủ tục: what a resident may ask for, what to bring, how long, how much, and where to file.

Procedures are declared as content (`content/procedures/`) or imported; dossiers keep the version they began with.
"""
