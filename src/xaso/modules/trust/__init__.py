"""Tin cậy: which certificate authorities we trust and since when; what each signed PDF that comes in is worth."""
