from django.apps import AppConfig


class FacesConfig(AppConfig):
    name = "xaso.faces"
    label = "faces"
