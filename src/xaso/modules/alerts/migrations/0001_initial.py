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
            name='FeedState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, unique=True)),
                ('asked_at', models.DateTimeField(null=True)),
                ('succeeded_at', models.DateTimeField(null=True)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('seen', models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(max_length=80)),
                ('state', models.CharField(choices=[('waiting', 'Chờ người quyết định'), ('sent', 'Đã chuyển đi'), ('drafted', 'Đã soạn bản tin'), ('drill', 'Đang diễn tập'), ('noted', 'Ghi nhận, không phát'), ('dismissed', 'Không dùng'), ('replaced', 'Đã có bản thay thế'), ('cancelled', 'Nơi gửi đã huỷ'), ('expired', 'Đã hết hạn')], default='waiting', max_length=9)),
                ('via', models.CharField(choices=[('page', 'Nhập tay'), ('api', 'Hệ thống cấp trên gửi'), ('feed', 'Lấy từ nguồn')], max_length=4)),
                ('via_name', models.CharField(blank=True, max_length=200)),
                ('sender', models.CharField(max_length=200)),
                ('identifier', models.CharField(max_length=200)),
                ('sent', models.CharField(max_length=25)),
                ('sent_at', models.DateTimeField()),
                ('status', models.CharField(max_length=8)),
                ('message_type', models.CharField(max_length=6)),
                ('scope', models.CharField(max_length=10)),
                ('klass', models.CharField(choices=[('emergency', 'Khẩn cấp'), ('priority', 'Ưu tiên'), ('normal', 'Thường')], max_length=9)),
                ('title', models.CharField(max_length=200)),
                ('text', models.TextField(blank=True)),
                ('event', models.CharField(blank=True, max_length=200)),
                ('until', models.DateTimeField(null=True)),
                ('areas', models.JSONField(default=list)),
                ('unit_paths', models.JSONField(default=list)),
                ('references', models.JSONField(default=list)),
                ('remarks', models.JSONField(default=list)),
                ('is_signed', models.BooleanField(default=False)),
                ('recording', models.UUIDField(null=True)),
                ('source', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('received_at', models.DateTimeField()),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['unit_path', 'id'], name='alert_listed'), models.Index(condition=models.Q(('recording__isnull', False)), fields=['recording'], name='alert_recording')],
                'constraints': [models.UniqueConstraint(fields=('unit', 'sender', 'identifier', 'sent'), name='alert_once')],
            },
        ),
        migrations.CreateModel(
            name='Deed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by_name', models.CharField(max_length=200)),
                ('text', models.CharField(max_length=600)),
                ('alert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deeds', to='alerts.alert')),
            ],
        ),
        migrations.CreateModel(
            name='Drill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(max_length=80)),
                ('reason', models.CharField(max_length=300)),
                ('armed_by_id', models.BigIntegerField(null=True)),
                ('armed_by_name', models.CharField(max_length=200)),
                ('armed_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['unit_path', 'until'], name='drill_armed')],
            },
        ),
        migrations.CreateModel(
            name='Issued',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(max_length=80)),
                ('bulletin', models.UUIDField()),
                ('message_type', models.CharField(max_length=6)),
                ('identifier', models.CharField(max_length=80, unique=True)),
                ('reference', models.CharField(max_length=300)),
                ('title', models.CharField(max_length=200)),
                ('xml', models.TextField()),
                ('sent_at', models.DateTimeField()),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['unit_path', 'sent_at'], name='issued_listed')],
                'constraints': [models.UniqueConstraint(fields=('bulletin', 'message_type'), name='issued_once')],
            },
        ),
    ]
