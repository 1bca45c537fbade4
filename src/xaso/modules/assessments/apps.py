from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "xaso.modules.assessments"
    label = "assessments"
