"""Which keys the values in this database were written with."""

from django.db import models

__all__ = ["KeyMark"]


class KeyMark(models.Model):
    """The id and the check value of a key outside the database; a start with other keys is refused."""

    kind = models.CharField(max_length=10)  # master, pepper
    key_id = models.CharField(max_length=16)
    fingerprint = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key_id"], name="key_mark_once")]

    def __str__(self):
        return f"{self.kind} {self.key_id}"
