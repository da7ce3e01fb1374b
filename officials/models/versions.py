"""A number per thing that processes keep in memory: each looks every two seconds and forgets what is older."""

from django.db import models

__all__ = ["Version"]


class Version(models.Model):
    name = models.CharField(max_length=20, primary_key=True)
    value = models.PositiveBigIntegerField(default=1)
