import django.db.models.deletion
import uuid
import xaso.core.units.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_official_email'),
        ('units', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(max_length=80)),
                ('state', models.CharField(choices=[('previewed', 'Đang xem trước'), ('applied', 'Đã nhập'), ('undone', 'Đã huỷ nhập')], default='previewed', max_length=9)),
                ('file_name', models.CharField(max_length=120)),
                ('sha256', models.CharField(max_length=64)),
                ('rows', models.JSONField(default=list)),
                ('faults', models.JSONField(default=list)),
                ('fault_count', models.PositiveIntegerField(default=0)),
                ('known', models.PositiveIntegerField(default=0)),
                ('added', models.PositiveIntegerField(default=0)),
                ('kept', models.PositiveIntegerField(default=0)),
                ('by_id', models.BigIntegerField(null=True)),
                ('by_name', models.CharField(max_length=120)),
                ('created_at', models.DateTimeField()),
                ('applied_at', models.DateTimeField(null=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['unit_path', '-id'], name='audience_imports')],
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(max_length=80)),
                ('name', models.CharField(max_length=120)),
                ('folded_name', models.CharField(max_length=120)),
                ('phone', models.CharField(blank=True, max_length=15)),
                ('phone_fault', models.CharField(blank=True, max_length=200)),
                ('zalo_user', models.CharField(blank=True, max_length=40)),
                ('source', models.CharField(choices=[('hand', 'Cán bộ ghi'), ('import', 'Nhập từ tệp'), ('portal', 'Người dân tự đăng ký'), ('message', 'Người dân nhắn tin')], max_length=7)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('is_demo', models.BooleanField(default=False)),
                ('merged_into', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='audiences.contact')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='contacts', to='audiences.import')),
            ],
            options={
                'indexes': [models.Index(fields=['unit_path', 'phone', 'id'], name='contact_of_unit'), models.Index(fields=['unit_path', 'folded_name'], name='contact_by_name'), models.Index(condition=models.Q(('phone', ''), _negated=True), fields=['phone'], name='contact_by_phone'), models.Index(condition=models.Q(('zalo_user', ''), _negated=True), fields=['zalo_user'], name='contact_by_zalo')],
            },
        ),
        migrations.CreateModel(
            name='RefusalList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(max_length=80)),
                ('title', models.CharField(max_length=160)),
                ('as_of', models.DateField()),
                ('file_name', models.CharField(max_length=120)),
                ('sha256', models.CharField(max_length=64)),
                ('numbers', models.PositiveIntegerField(default=0)),
                ('is_current', models.BooleanField(default=True)),
                ('by_name', models.CharField(max_length=120)),
                ('created_at', models.DateTimeField()),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['unit_path', '-id'], name='refusal_lists')],
            },
        ),
        migrations.CreateModel(
            name='RefusedNumber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('phone', models.CharField(max_length=15)),
                ('list', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='audiences.refusallist')),
            ],
            options={
                'indexes': [models.Index(fields=['list', 'phone'], name='refused_of_list')],
                'constraints': [models.UniqueConstraint(fields=('phone', 'list'), name='refused_once')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(blank=True, max_length=80)),
                ('phone', models.CharField(blank=True, max_length=15)),
                ('topic', models.CharField(blank=True, max_length=20)),
                ('channel', models.CharField(blank=True, choices=[('sms', 'Tin nhắn SMS'), ('zalo', 'Zalo'), ('push', 'Ứng dụng')], max_length=4)),
                ('given', models.BooleanField()),
                ('how', models.CharField(choices=[('counter', 'Nói tại quầy'), ('phone', 'Gọi điện thoại'), ('portal', 'Tự chọn trên cổng'), ('sms', 'Nhắn tin SMS'), ('zalo', 'Nhắn Zalo'), ('paper', 'Phiếu đồng ý bằng giấy'), ('import', 'Danh sách nhập từ tệp')], max_length=7)),
                ('evidence', models.CharField(max_length=300)),
                ('said_on', models.DateField()),
                ('at', models.DateTimeField()),
                ('by_name', models.CharField(max_length=120)),
                ('by_account_id', models.BigIntegerField(null=True)),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='audiences.contact')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('phone', ''), _negated=True), fields=['phone'], name='consent_by_phone'), models.Index(fields=['unit_path', '-id'], name='consent_of_unit')],
            },
        ),
    ]
