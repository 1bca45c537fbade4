"""Mạng xã hội: the register of the commune's pages and groups, and posts drafted for them."""
