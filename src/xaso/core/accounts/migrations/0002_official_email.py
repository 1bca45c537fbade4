"""The officer's official e-mail, and codes that go to it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        migrations.RenameField("account", "email", "official_email"),
        migrations.AddField("account", "email_set_at", models.DateTimeField(null=True)),
        migrations.AddField("account", "email_confirmed_at", models.DateTimeField(null=True)),
        migrations.AlterField("onetimecode", "phone", models.CharField(blank=True, db_index=True, max_length=15)),
        migrations.AddField(
            "onetimecode", "email", models.EmailField(blank=True, db_index=True, default="", max_length=254), preserve_default=False
        ),
    ]
