from django.urls import path

from xaso.faces.cockpit import home

app_name = "cockpit"
urlpatterns = [path("", home.home, name="home")]
