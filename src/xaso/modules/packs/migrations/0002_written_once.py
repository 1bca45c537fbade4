from django.db import migrations

from xaso.core.audit import kept

TABLES = ("packs_pack", "packs_restatement")


def put_on(apps, schema_editor):
    for table in TABLES:
        kept.install(schema_editor.connection, table)


def lift(apps, schema_editor):
    for table in TABLES:
        kept.remove(schema_editor.connection, table)


class Migration(migrations.Migration):
    dependencies = [("packs", "0001_initial")]
    operations = [migrations.RunPython(put_on, lift)]
