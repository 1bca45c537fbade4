"""/tim-kiem/"""

from django.urls import path

from xaso.core.search import screens

app_name = "search"
urlpatterns = [path("", screens.find, name="find")]
