from django.urls import path

from bench.yardstick import views

urlpatterns = [
    path("api/v1/dossiers/", views.collection),
    path("api/v1/dossiers/bulk", views.bulk),
    path("api/v1/dossiers/<uuid:uuid>", views.shown),
    path("api/v1/dossiers/<uuid:uuid>/finish-step", views.finish_step),
    path("api/v1/dossiers/<uuid:uuid>/return-result", views.return_result),
]
