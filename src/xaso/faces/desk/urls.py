from django.urls import path

from xaso.faces.desk import home

app_name = "desk"
urlpatterns = [path("", home.home, name="home")]
