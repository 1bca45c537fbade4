"""Verbs of social. Nothing here talks to Facebook: see `carrying`."""

from xaso.modules.social.actions.posting import draft_post

__all__ = ["draft_post"]
