from django.urls import path

from tests.bench.reference.bare import views

urlpatterns = [path("hello/", views.hello), path("insert/", views.insert)]
