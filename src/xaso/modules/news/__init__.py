"""Tin bài: news and legal-education pages of the commune, fast, with RSS."""
