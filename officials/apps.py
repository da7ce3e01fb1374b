from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


def _keys_fit(**kwargs):
    """After each migrate: the database remembers its keys, or refuses keys that are not its own."""
    from officials.privacy.keys import assert_matches_database

    assert_matches_database()


class OfficialsConfig(AppConfig):
    name = "officials"
    verbose_name = _("People and offices")

    def ready(self):
        from django.contrib.auth import user_logged_in
        from django.contrib.auth.models import update_last_login

        from officials.audit import history, triggers

        post_migrate.connect(_keys_fit, sender=self)
        history.connect()
        triggers.connect()
        # A sign-in is no change of the person: it is written to the access log, not to the model history.
        user_logged_in.disconnect(update_last_login, dispatch_uid="update_last_login")
