"""Thể thức: the kinds of documents, their layout by NĐ 30/2020, and the linter that checks it."""
