"""Người nhận tin: who may be told, at which number, about what, and what each agreed to or refused."""
