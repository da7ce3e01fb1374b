"""The named accounts of jobs, so that nothing is ever written by nobody."""

from django.db import migrations

JOBS = {"setup": "设置程序", "tick": "定时任务", "import": "导入程序", "online": "网上自助", "demo": "演示数据"}


def make_jobs(apps, schema_editor):
    User = apps.get_model("officials", "User")
    for name, label in JOBS.items():
        User.objects.get_or_create(
            username=f"job-{name}", defaults={"name": label, "staff_no": f"JOB-{name.upper()}", "is_job": True, "password": "!"}
        )


class Migration(migrations.Migration):
    dependencies = [("officials", "0001_initial")]
    operations = [migrations.RunPython(make_jobs, migrations.RunPython.noop)]
