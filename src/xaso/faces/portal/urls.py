from django.urls import path

from xaso.faces.portal import home

app_name = "portal"
urlpatterns = [path("", home.home, name="home")]
