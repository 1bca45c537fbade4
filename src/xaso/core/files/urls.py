"""/tep/"""

from django.urls import path

from xaso.core.files import screens

app_name = "files"
urlpatterns = [
    path("tai-len/", screens.upload, name="upload"),
    path("<uuid:uuid>/", screens.download, name="download"),
    path("<uuid:uuid>/xem/", screens.preview, name="preview"),
    path("<uuid:uuid>/bo/", screens.discard, name="discard"),
]
