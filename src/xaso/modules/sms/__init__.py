"""Tin nhắn SMS: short messages out through a gateway, receipts and answers back, parts and cost counted beforehand."""
