import django.db.models.deletion
import uuid
import xaso.core.units.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('units', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Pack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(max_length=80)),
                ('kind', models.CharField(max_length=40)),
                ('period_key', models.CharField(max_length=20)),
                ('subject', models.CharField(blank=True, max_length=80)),
                ('number', models.PositiveIntegerField()),
                ('body', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('signed_by', models.BigIntegerField()),
                ('signed_by_name', models.CharField(max_length=120)),
                ('signed_by_role', models.CharField(max_length=80)),
                ('signed_at', models.DateTimeField()),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'period_key', 'unit_path'], name='packs_pack_kind_f7d922_idx'), models.Index(fields=['unit_path', 'id'], name='packs_pack_unit_pa_da3f81_idx'), models.Index(fields=['subject'], name='packs_pack_subject_854bde_idx')],
                'constraints': [models.UniqueConstraint(fields=('unit', 'number'), name='pack_number_once')],
            },
        ),
        migrations.CreateModel(
            name='PeriodLock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(max_length=80)),
                ('period_key', models.CharField(max_length=20)),
                ('since_on', models.DateField()),
                ('before_on', models.DateField()),
                ('reason', models.CharField(max_length=500)),
                ('until_on', models.DateField(null=True)),
                ('locked_by_name', models.CharField(max_length=120)),
                ('locked_at', models.DateTimeField()),
                ('unlocked_by_name', models.CharField(blank=True, max_length=120)),
                ('unlocked_at', models.DateTimeField(null=True)),
                ('unlock_reason', models.CharField(blank=True, max_length=500)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('unlocked_at', None)), fields=('unit', 'period_key'), name='period_locked_once')],
            },
        ),
        migrations.CreateModel(
            name='Restatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line_key', models.CharField(max_length=80)),
                ('label', models.CharField(max_length=200)),
                ('position', models.PositiveIntegerField()),
                ('was', models.CharField(max_length=300)),
                ('now', models.CharField(max_length=300)),
                ('now_state', models.CharField(blank=True, max_length=400)),
                ('cause', models.CharField(max_length=300)),
                ('noticed_at', models.DateTimeField()),
                ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='restatements', to='packs.pack')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('pack', 'line_key', 'position'), name='restatement_once')],
            },
        ),
    ]
