from django.urls import path

from xaso.ui import gallery, views

app_name = "ui"
urlpatterns = [
    path("", gallery.gallery, name="gallery"),
    path("co-chu/", views.text_size, name="text_size"),
]
