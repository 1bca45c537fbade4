"""Verbs on dossiers, by the part of their life: filing, reception, processing, closing."""
