"""System checks: a route without a rule, and a tenant's table without a wall, are errors."""

from collections.abc import Iterator

from django.apps import apps
from django.core.checks import Error, Tags, register
from django.urls import URLPattern, URLResolver, get_resolver

# Libraries that state their own rules. Everything else is ours and states one with a decorator.
_OTHERS = ("allauth.", "django.contrib.admin", "django.contrib.staticfiles", "django.views.static")


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, str, object]]:
    """This will walk the URL configuration: (address pattern, name, view), our own routes and libraries' alike."""
    for entry in (resolver or get_resolver()).url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            namespace = f"{entry.namespace}:" if entry.namespace else ""
            yield from ((path, namespace + name, view) for path, name, view in routes(entry, address))
        elif isinstance(entry, URLPattern):
            yield address, entry.name or "", entry.callback


def is_ours(view: object) -> bool:
    module = getattr(getattr(view, "view_class", view), "__module__", "")
    admin_site = getattr(view, "admin_site", None) or getattr(view, "model_admin", None)
    return not module.startswith(_OTHERS) and admin_site is None


@register(Tags.urls)
def every_route_states_its_rule(app_configs, **kwargs) -> list[Error]:
    return [
        Error(f"{address} has no rule", hint="Decorate the view with one of accounts.rules.", id="accounts.E001")
        for address, _name, view in routes()
        if is_ours(view) and not hasattr(view, "rule")
    ]


@register(Tags.models)
def every_tenant_table_is_scoped(app_configs, **kwargs) -> list[Error]:
    ours = ("accounts", "library", "assessments")
    return [
        Error(f"{model._meta.label} cannot be asked .visible_to(viewer)", obj=model, id="accounts.E002")
        for model in apps.get_models()
        if model._meta.app_label in ours
        and any(field.name in ("organization", "account") for field in model._meta.fields)
        and not model._meta.label.endswith("Grant")
        and not hasattr(model._default_manager.all(), "visible_to")
    ]
