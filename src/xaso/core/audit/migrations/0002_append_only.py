from django.db import migrations

from xaso.core.audit import lock


def put_on(apps, schema_editor):
    lock.install(schema_editor.connection)


def lift(apps, schema_editor):
    lock.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(put_on, lift)]
