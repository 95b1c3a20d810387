from django.apps import AppConfig


class ClientConfig(AppConfig):
    name = "portal.client"
    label = "portal_client"
