"""Ứng dụng người dân: the resident's inbox as an installable page, and notices to the browser (web push)."""
