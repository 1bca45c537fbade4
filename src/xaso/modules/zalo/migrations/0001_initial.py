import django.db.models.deletion
import uuid
import xaso.core.units.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('files', '0002_storedfile_is_signed'),
        ('units', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=60)),
                ('fingerprint', models.CharField(max_length=64, unique=True)),
                ('body', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('waiting', 'Chờ xử lý'), ('done', 'Đã xử lý'), ('ignored', 'Không dùng đến')], default='waiting', max_length=8)),
                ('told_at', models.DateTimeField()),
                ('received_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(max_length=80, unique=True)),
                ('oa_id', models.CharField(max_length=40, unique=True)),
                ('name', models.CharField(blank=True, max_length=120)),
                ('state', models.CharField(choices=[('connected', 'Đang nối'), ('broken', 'Cần cấp quyền lại'), ('disconnected', 'Đã ngắt')], default='connected', max_length=12)),
                ('access_sealed', models.TextField(blank=True)),
                ('refresh_sealed', models.TextField(blank=True)),
                ('access_until', models.DateTimeField(null=True)),
                ('refresh_until', models.DateTimeField(null=True)),
                ('generation', models.PositiveIntegerField(default=0)),
                ('lease_until', models.DateTimeField(null=True)),
                ('refreshed_at', models.DateTimeField(null=True)),
                ('connected_at', models.DateTimeField()),
                ('connected_by', models.CharField(max_length=120)),
                ('error', models.CharField(blank=True, max_length=500)),
                ('error_at', models.DateTimeField(null=True)),
                ('quota_on', models.DateField(null=True)),
                ('quota_daily', models.PositiveIntegerField(null=True)),
                ('quota_left', models.PositiveIntegerField(null=True)),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
        ),
        migrations.CreateModel(
            name='Template',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(max_length=80)),
                ('code', models.CharField(max_length=40)),
                ('zalo_id', models.CharField(max_length=40)),
                ('title', models.CharField(max_length=120)),
                ('text', models.TextField()),
                ('params', models.JSONField(default=list)),
                ('price', models.PositiveIntegerField(null=True)),
                ('state', models.CharField(choices=[('waiting', 'Chờ Zalo duyệt'), ('approved', 'Đã duyệt'), ('off', 'Ngừng dùng')], default='waiting', max_length=8)),
                ('changed_at', models.DateTimeField()),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('unit_path', 'code'), name='zalo_template_once')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(max_length=80)),
                ('kind', models.CharField(choices=[('template', 'Mẫu ZNS'), ('text', 'Trả lời')], max_length=8)),
                ('key', models.CharField(max_length=160, unique=True)),
                ('purpose', models.CharField(blank=True, max_length=80)),
                ('phone', models.CharField(blank=True, max_length=15)),
                ('user', models.CharField(blank=True, max_length=40)),
                ('values', models.JSONField(default=dict)),
                ('text', models.TextField(blank=True)),
                ('fallback_text', models.TextField(blank=True)),
                ('sms_kind', models.CharField(default='service', max_length=9)),
                ('topic', models.CharField(blank=True, max_length=20)),
                ('mode', models.CharField(blank=True, max_length=12)),
                ('state', models.CharField(choices=[('queued', 'Chờ gửi'), ('sent', 'Đã gửi'), ('delivered', 'Đã đến máy'), ('seen', 'Đã xem'), ('failed', 'Không gửi được'), ('fell_back', 'Đã chuyển sang SMS')], default='queued', max_length=9)),
                ('msg_id', models.CharField(blank=True, db_index=True, max_length=80)),
                ('sms_uuid', models.UUIDField(null=True)),
                ('price', models.PositiveIntegerField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('retry_at', models.DateTimeField(null=True)),
                ('code', models.IntegerField(null=True)),
                ('error', models.CharField(blank=True, max_length=500)),
                ('created_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('seen_at', models.DateTimeField(null=True)),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ('template', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='zalo.template')),
            ],
            options={
                'indexes': [models.Index(fields=['unit_path', '-id'], name='zalo_message_newest'), models.Index(fields=['purpose', 'state', 'id'], name='zalo_message_purpose'), models.Index(condition=models.Q(('state', 'queued')), fields=['retry_at', 'id'], name='zalo_message_waiting')],
            },
        ),
        migrations.CreateModel(
            name='Follower',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.CharField(max_length=40)),
                ('is_following', models.BooleanField(default=True)),
                ('followed_at', models.DateTimeField(null=True)),
                ('unfollowed_at', models.DateTimeField(null=True)),
                ('wrote_at', models.DateTimeField(null=True)),
                ('shared_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='followers', to='zalo.account')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'user'), name='zalo_follower_once')],
            },
        ),
        migrations.CreateModel(
            name='Received',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(max_length=80)),
                ('user', models.CharField(max_length=40)),
                ('msg_id', models.CharField(db_index=True, max_length=80)),
                ('text', models.TextField(blank=True)),
                ('picture_url', models.CharField(blank=True, max_length=1000)),
                ('picture_error', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='received', to='zalo.account')),
                ('picture', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
            ],
            options={
                'indexes': [models.Index(fields=['unit_path', '-id'], name='zalo_received_newest')],
            },
        ),
    ]
