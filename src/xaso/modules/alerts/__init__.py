"""Cảnh báo khẩn cấp: alerts of the Common Alerting Protocol, in and out."""
