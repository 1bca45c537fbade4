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
            name='Connection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit_path', xaso.core.units.fields.UnitPathField(max_length=80)),
                ('channel', models.CharField(max_length=5)),
                ('account', models.CharField(max_length=120)),
                ('asked_at', models.DateTimeField(null=True)),
                ('succeeded_at', models.DateTimeField(null=True)),
                ('error', models.CharField(blank=True, max_length=500)),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('channel', 'account'), name='connection_once')],
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('code', models.CharField(max_length=35, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('folded', models.CharField(max_length=240)),
                ('is_active', models.BooleanField(default=True)),
                ('origin', models.CharField(choices=[('axis', 'Danh bạ của trục'), ('letter', 'Thấy trong văn bản đến'), ('hand', 'Ghi tay')], max_length=6)),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['is_active', 'id'], name='organisation_active')],
            },
        ),
        migrations.CreateModel(
            name='Parcel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(max_length=80)),
                ('direction', models.CharField(choices=[('out', 'Gửi đi'), ('in', 'Nhận về')], max_length=3)),
                ('channel', models.CharField(choices=[('edxml', 'Trục liên thông'), ('email', 'Thư điện tử')], default='edxml', max_length=5)),
                ('state', models.CharField(choices=[('queued', 'Chờ gửi'), ('sent', 'Đã gửi'), ('failed', 'Chưa gửi được'), ('received', 'Đã nhận'), ('refused', 'Không nhận được'), ('withdrawn', 'Đã rút trước khi gửi')], max_length=9)),
                ('business', models.PositiveSmallIntegerField(choices=[(0, 'Văn bản mới'), (1, 'Thu hồi'), (2, 'Cập nhật'), (3, 'Thay thế')], default=0)),
                ('organ_code', models.CharField(blank=True, max_length=35)),
                ('organ_name', models.CharField(blank=True, max_length=200)),
                ('subject', models.CharField(blank=True, max_length=500)),
                ('notation', models.CharField(blank=True, max_length=100)),
                ('dated_on', models.DateField(null=True)),
                ('document_id', models.CharField(blank=True, db_index=True, max_length=200)),
                ('document_ref', models.CharField(blank=True, db_index=True, max_length=80)),
                ('document_uuid', models.UUIDField(db_index=True, null=True)),
                ('recipient_ref', models.CharField(blank=True, max_length=80)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('axis_ref', models.CharField(blank=True, db_index=True, max_length=200)),
                ('twin_key', models.CharField(max_length=64, null=True)),
                ('remarks', models.JSONField(default=list)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('retry_at', models.DateTimeField(null=True)),
                ('error', models.CharField(blank=True, max_length=500)),
                ('created_at', models.DateTimeField()),
                ('moved_at', models.DateTimeField(null=True)),
                ('about', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='later', to='exchange.parcel')),
                ('raw', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['unit_path', '-id'], name='parcel_newest'), models.Index(fields=['unit_path', 'state', '-id'], name='parcel_by_state'), models.Index(condition=models.Q(('state', 'queued')), fields=['retry_at', 'id'], name='parcel_waiting')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('recipient_ref', ''), _negated=True), fields=('recipient_ref', 'business'), name='parcel_once_per_copy'), models.UniqueConstraint(condition=models.Q(('twin_key__isnull', False)), fields=('unit_path', 'twin_key'), name='parcel_arrives_once')],
            },
        ),
        migrations.CreateModel(
            name='Seen',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('connection', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='seen', to='exchange.connection')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('connection', 'ref'), name='seen_once')],
            },
        ),
        migrations.CreateModel(
            name='Status',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('direction', models.CharField(choices=[('told', 'Báo cho nơi gửi'), ('heard', 'Nơi nhận báo về')], max_length=5)),
                ('code', models.CharField(choices=[('01', 'Đã đến, chờ tiếp nhận'), ('02', 'Từ chối tiếp nhận'), ('03', 'Đã tiếp nhận'), ('04', 'Đã phân công'), ('05', 'Đang xử lý'), ('06', 'Đã hoàn thành'), ('13', 'Nơi gửi thu hồi'), ('15', 'Đồng ý thu hồi'), ('16', 'Không đồng ý thu hồi')], max_length=2)),
                ('at', models.DateTimeField()),
                ('note', models.CharField(blank=True, max_length=500)),
                ('sent_at', models.DateTimeField(null=True)),
                ('error', models.CharField(blank=True, max_length=500)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('retry_at', models.DateTimeField(null=True)),
                ('parcel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='statuses', to='exchange.parcel')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('direction', 'told'), ('sent_at', None)), fields=['retry_at', 'id'], name='status_waiting')],
                'constraints': [models.UniqueConstraint(fields=('parcel', 'direction', 'code'), name='status_once')],
            },
        ),
    ]
