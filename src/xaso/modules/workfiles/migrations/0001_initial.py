import django.db.models.deletion
import uuid
import xaso.core.units.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('files', '0002_storedfile_is_signed'),
        ('units', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(max_length=80)),
                ('year', models.PositiveSmallIntegerField()),
                ('number', models.PositiveIntegerField()),
                ('offered_at', models.DateTimeField()),
                ('offered_by', models.CharField(max_length=120)),
                ('accepted_at', models.DateTimeField(null=True)),
                ('accepted_by', models.CharField(blank=True, max_length=120)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['unit_path', '-id'], name='transfer_unit')],
                'constraints': [models.UniqueConstraint(fields=('unit_path', 'year', 'number'), name='transfer_number_once')],
            },
        ),
        migrations.CreateModel(
            name='WorkFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(max_length=80)),
                ('number', models.CharField(max_length=40)),
                ('heading', models.CharField(max_length=10)),
                ('heading_title', models.CharField(max_length=200)),
                ('title', models.CharField(max_length=300)),
                ('retention_years', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('open', 'Đang làm'), ('closed', 'Đã đóng'), ('offered', 'Chờ lưu trữ nhận'), ('archived', 'Đã nộp lưu')], default='open', max_length=10)),
                ('officer_name', models.CharField(max_length=120)),
                ('opened_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by', models.CharField(blank=True, max_length=120)),
                ('is_online', models.BooleanField(null=True)),
                ('returned_reason', models.CharField(blank=True, max_length=1000)),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('transfer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='work_files', to='workfiles.transfer')),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['unit_path', 'state', '-id'], name='work_file_state'), models.Index(fields=['unit_path', 'closed_at'], name='work_file_closed'), models.Index(fields=['officer', 'state', '-id'], name='work_file_officer')],
                'constraints': [models.UniqueConstraint(fields=('unit_path', 'number'), name='work_file_number_once'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('state', 'open')), ('closed_at__isnull', False), _connector='OR'), name='work_file_closed_when')],
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('subject', models.CharField(blank=True, max_length=80)),
                ('url', models.CharField(blank=True, max_length=200)),
                ('title', models.CharField(max_length=500)),
                ('dated_on', models.DateField(null=True)),
                ('is_electronic', models.BooleanField()),
                ('added_at', models.DateTimeField()),
                ('added_by', models.CharField(max_length=120)),
                ('removed_at', models.DateTimeField(null=True)),
                ('removed_reason', models.CharField(blank=True, max_length=500)),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('work_file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='workfiles.workfile')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('removed_at', None), models.Q(('subject', ''), _negated=True)), fields=('work_file', 'subject'), name='work_file_holds_once')],
            },
        ),
    ]
