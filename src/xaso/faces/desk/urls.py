from django.urls import path

from xaso.faces.desk import home, record

app_name = "desk"
urlpatterns = [path("", home.home, name="home"), path("nhat-ky/", record.record, name="record")]
