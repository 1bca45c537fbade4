"""Telling people: in the app, by text message and by e-mail.

A module's action calls `actions.notify`; the texts are content (`content/messages/`); a provider per channel delivers.
"""
