from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render

from tests.bench.reference.bare.models import Note


class NoteForm(forms.ModelForm):
    class Meta:
        model = Note
        fields = ["name", "id_number", "phone", "channel", "words"]


def hello(request):
    return HttpResponse(b"hello")


def insert(request):
    """GET shows a bare form, POST stores a row and its history in one transaction."""
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            note = form.save()
        return redirect(f"/insert/?stored={note.pk}")
    return render(request, "insert.html", {"form": form})
