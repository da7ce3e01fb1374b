"""Closing an account moves cases, so the page stands here and not in the administration."""

from django.urls import re_path

from requests.views import leaving

urlpatterns = [re_path(r"^desk/accounts/(?P<pk>[0-9]{1,15})/close/$", leaving.close_account, name="close-account")]
