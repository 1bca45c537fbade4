"""Liên thông văn bản: edXML over the provincial axis, and official e-mail."""
