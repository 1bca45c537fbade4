"""Periods in words, for every template."""

from django import template

from xaso.core.measures.periods import label_of

register = template.Library()
register.filter("ky", label_of)
