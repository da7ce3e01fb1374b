from django.db import models
from simple_history.models import HistoricalRecords


class Note(models.Model):
    """What a bare form stores: about as many words as a walk-in, one row and one row of history."""

    name = models.CharField(max_length=80)
    id_number = models.CharField(max_length=40)
    phone = models.CharField(max_length=40)
    channel = models.CharField(max_length=20)
    words = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    history = HistoricalRecords()
