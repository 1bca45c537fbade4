"""Writing into PDFs: letters, looks, fields. It needs pyHanko (1.3 s to import), so only `pades` imports it."""
