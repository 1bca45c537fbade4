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
            name='Gateway',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(max_length=10, unique=True)),
                ('state', models.CharField(default='off', max_length=12)),
                ('said', models.CharField(blank=True, max_length=300)),
                ('changed_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('throttled', models.PositiveIntegerField(default=0)),
                ('reconnects', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(max_length=10)),
                ('gateway_id', models.CharField(max_length=64)),
                ('state', models.CharField(max_length=9)),
                ('error', models.CharField(blank=True, max_length=120)),
                ('phone', models.CharField(blank=True, max_length=15)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='early_receipts')],
                'constraints': [models.UniqueConstraint(fields=('gateway_id', 'provider', 'state'), name='early_receipt_once')],
            },
        ),
        migrations.CreateModel(
            name='Received',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(blank=True, max_length=80)),
                ('sender', models.CharField(max_length=20)),
                ('to', models.CharField(blank=True, max_length=20)),
                ('text', models.CharField(blank=True, max_length=2000)),
                ('meaning', models.CharField(choices=[('stop', 'Từ chối nhận tin'), ('start', 'Đăng ký nhận tin'), ('unclear', 'Từ khoá chưa rõ'), ('other', 'Tin của người dân')], max_length=7)),
                ('topic', models.CharField(blank=True, max_length=20)),
                ('provider', models.CharField(max_length=10)),
                ('ref', models.CharField(max_length=80, unique=True)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['unit_path', '-id'], name='received_newest')],
            },
        ),
        migrations.CreateModel(
            name='Sms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(blank=True, max_length=80)),
                ('phone', models.CharField(max_length=15)),
                ('text', models.TextField(blank=True)),
                ('sealed', models.TextField(blank=True)),
                ('is_secret', models.BooleanField(default=False)),
                ('kind', models.CharField(max_length=9)),
                ('priority', models.PositiveSmallIntegerField()),
                ('purpose', models.CharField(max_length=80)),
                ('topic', models.CharField(blank=True, max_length=20)),
                ('budget_line', models.CharField(blank=True, max_length=40)),
                ('contact_uuid', models.UUIDField(null=True)),
                ('key', models.CharField(max_length=80, null=True, unique=True)),
                ('is_told', models.BooleanField(default=False)),
                ('encoding', models.CharField(max_length=4)),
                ('parts', models.PositiveSmallIntegerField()),
                ('cost', models.PositiveIntegerField(null=True)),
                ('state', models.CharField(choices=[('queued', 'Chờ gửi'), ('sending', 'Đang chuyển'), ('handed', 'Tổng đài đã nhận'), ('delivered', 'Đã tới máy'), ('failed', 'Không gửi được'), ('expired', 'Quá hạn gửi'), ('unknown', 'Chưa rõ')], default='queued', max_length=9)),
                ('provider', models.CharField(blank=True, max_length=10)),
                ('claim', models.CharField(blank=True, max_length=32)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('due_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('created_at', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(null=True)),
                ('handed_at', models.DateTimeField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('unit', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'queued')), fields=['priority', 'id'], name='sms_waiting'), models.Index(condition=models.Q(('state', 'sending')), fields=['claimed_at'], name='sms_sending'), models.Index(condition=models.Q(('state__in', ['handed', 'unknown'])), fields=['state', 'handed_at'], name='sms_open'), models.Index(fields=['purpose', '-id'], name='sms_of_purpose'), models.Index(fields=['unit_path', '-id'], name='sms_newest'), models.Index(fields=['phone', 'handed_at'], name='sms_of_phone'), models.Index(fields=['unit_path', 'handed_at'], name='sms_by_month')],
            },
        ),
        migrations.CreateModel(
            name='Part',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('provider', models.CharField(max_length=10)),
                ('gateway_id', models.CharField(max_length=64)),
                ('state', models.CharField(default='handed', max_length=9)),
                ('error', models.CharField(blank=True, max_length=120)),
                ('settled_at', models.DateTimeField(null=True)),
                ('sms', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='sms.sms')),
            ],
            options={
                'indexes': [models.Index(fields=['gateway_id'], name='part_by_id')],
                'constraints': [models.UniqueConstraint(fields=('sms', 'number'), name='part_once')],
            },
        ),
    ]
