import django.db.models.deletion
import uuid
import xaso.core.units.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('units', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(max_length=80)),
                ('number', models.PositiveSmallIntegerField()),
                ('label', models.CharField(max_length=80)),
                ('fields', models.JSONField(default=list)),
                ('is_open', models.BooleanField(default=False)),
                ('officer_name', models.CharField(blank=True, max_length=120)),
                ('last_called_at', models.DateTimeField(null=True)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('officer', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('unit_path', 'number'), name='counter_number'), models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='counter_dates_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Ticket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(max_length=80)),
                ('day', models.DateField()),
                ('number', models.PositiveIntegerField()),
                ('field', models.CharField(blank=True, max_length=200)),
                ('is_priority', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('waiting', 'Đang chờ'), ('called', 'Đang gọi'), ('served', 'Phục vụ'), ('missed', 'Gọi không có mặt'), ('cancelled', 'Đã huỷ')], default='waiting', max_length=9)),
                ('issued_at', models.DateTimeField()),
                ('called_at', models.DateTimeField(null=True)),
                ('last_called_at', models.DateTimeField(null=True)),
                ('calls', models.PositiveSmallIntegerField(default=0)),
                ('served_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('officer_name', models.CharField(blank=True, max_length=120)),
                ('dossier', models.CharField(blank=True, max_length=60)),
                ('idempotency_key', models.CharField(max_length=80, null=True, unique=True)),
                ('counter', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='queueing.counter')),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['unit_path', 'day', 'state', 'number'], name='ticket_line')],
                'constraints': [models.UniqueConstraint(fields=('unit_path', 'day', 'number'), name='ticket_once'), models.UniqueConstraint(condition=models.Q(('state', 'called'), models.Q(('finished_at', None), ('state', 'served')), _connector='OR'), fields=('counter', 'day'), name='ticket_one_at_a_counter')],
            },
        ),
    ]
