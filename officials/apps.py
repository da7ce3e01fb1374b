from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

# The named accounts of jobs, so that nothing is ever written by nobody. Made after each migrate, also after a flush.
JOBS = {"setup": "设置程序", "tick": "定时任务", "import": "导入程序", "online": "网上自助", "demo": "演示数据"}


def make_job_accounts(**kwargs):
    from officials.models import User

    known = set(User.objects.filter(is_job=True).values_list("username", flat=True))
    for name, label in JOBS.items():
        if f"job-{name}" not in known:
            user = User(username=f"job-{name}", name=label, staff_no=f"JOB-{name.upper()}", is_job=True, password="!")
            # Raw, without history: there is nobody yet who could have made the first account.
            user.save_base(raw=True)


def keys_fit(**kwargs):
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
        from officials.forms import name_what_is_missing

        name_what_is_missing()
        post_migrate.connect(keys_fit, sender=self)
        post_migrate.connect(make_job_accounts, sender=self)
        history.connect()
        triggers.connect()
        # A sign-in is no change of the person: it is written to the access log, not to the model history.
        user_logged_in.disconnect(update_last_login, dispatch_uid="update_last_login")
