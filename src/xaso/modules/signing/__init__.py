"""Ký số: requests for a signature, the means to give it, and the register of who holds one."""
