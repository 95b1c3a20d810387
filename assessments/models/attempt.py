from django.db import models

from accounts.models import OrganizationScoped


class Attempt(OrganizationScoped):
    """How often something limited was tried since `since`; `what` is a hash that names who tried what.

    A table, not the cache: without Redis each process has a cache of its own, with Redis a limit would end when Redis
    does, and a count has to be raised in one step by many processes at once.
    """

    what = models.CharField(max_length=64)
    count = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()

    class Meta:
        verbose_name = "attempt"
        constraints = [models.UniqueConstraint(fields=["organization", "what"], name="attempts_are_counted_in_one_row")]
        indexes = [models.Index(fields=["since"], name="attempts_by_age")]
