"""Reception at the counter. (Being written.)"""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
