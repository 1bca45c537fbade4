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
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(max_length=80)),
                ('file_name', models.CharField(max_length=120)),
                ('sha256', models.CharField(max_length=64)),
                ('rows', models.JSONField(default=list)),
                ('faults', models.JSONField(default=list)),
                ('known', models.PositiveIntegerField(default=0)),
                ('state', models.CharField(choices=[('previewed', 'Chờ xác nhận'), ('applied', 'Đã nhập')], default='previewed', max_length=10)),
                ('by_id', models.BigIntegerField(null=True)),
                ('by_name', models.CharField(max_length=120)),
                ('created_at', models.DateTimeField()),
                ('applied_at', models.DateTimeField(null=True)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(max_length=80)),
                ('holder_kind', models.CharField(choices=[('official', 'Cán bộ, công chức'), ('organ', 'Cơ quan'), ('enterprise', 'Doanh nghiệp'), ('individual', 'Người dân')], max_length=10)),
                ('holder_name', models.CharField(max_length=200)),
                ('folded_name', models.CharField(max_length=200)),
                ('holder_code', models.CharField(blank=True, max_length=30)),
                ('means', models.CharField(choices=[('token', 'USB token'), ('sim', 'SIM PKI'), ('remote', 'Ký số từ xa'), ('hsm', 'Thiết bị HSM')], max_length=10)),
                ('provider', models.CharField(blank=True, max_length=20)),
                ('reference', models.CharField(blank=True, max_length=200)),
                ('serial', models.CharField(max_length=64)),
                ('issuer', models.CharField(max_length=300)),
                ('subject', models.CharField(blank=True, max_length=300)),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField()),
                ('state', models.CharField(choices=[('active', 'Đang dùng'), ('suspended', 'Tạm dừng'), ('revoked', 'Bị thu hồi'), ('ended', 'Đã chấm dứt')], default='active', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('state_at', models.DateTimeField()),
                ('der', models.BinaryField(default=bytes)),
                ('chain', models.JSONField(default=list)),
                ('asks_pin', models.BooleanField(default=False)),
                ('alarmed_days', models.PositiveSmallIntegerField(null=True)),
                ('added_by_name', models.CharField(max_length=120)),
                ('added_at', models.DateTimeField()),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='signing.import')),
            ],
            options={
                'indexes': [models.Index(fields=['unit_path', '-id'], name='signing_cer_unit_pa_0ad982_idx'), models.Index(fields=['unit_path', 'holder_kind', '-id'], name='signing_cer_unit_pa_79d245_idx'), models.Index(fields=['account', 'state'], name='signing_cer_account_0ff5c2_idx'), models.Index(fields=['state', 'valid_to'], name='signing_cer_state_a220a3_idx'), models.Index(fields=['folded_name'], name='signing_cer_folded__5c51d0_idx')],
                'constraints': [models.UniqueConstraint(fields=('issuer', 'serial'), name='certificate_once'), models.CheckConstraint(condition=models.Q(('valid_to__gt', models.F('valid_from'))), name='certificate_dates_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Request',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(max_length=80)),
                ('subject', models.CharField(db_index=True, max_length=80)),
                ('role', models.CharField(choices=[('person', 'Ký cá nhân'), ('agency', 'Ký của cơ quan')], max_length=6)),
                ('title', models.CharField(max_length=200)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('field', models.CharField(blank=True, max_length=40)),
                ('batch', models.UUIDField(db_index=True, null=True)),
                ('proof_code', models.CharField(blank=True, max_length=16)),
                ('is_in_person', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('requested', 'Đang chuẩn bị'), ('waiting', 'Chờ xác nhận'), ('signed', 'Đã ký'), ('refused', 'Người ký từ chối'), ('timed_out', 'Quá thời gian xác nhận'), ('failed', 'Không ký được'), ('cancelled', 'Đã huỷ')], default='requested', max_length=10)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('level', models.CharField(blank=True, max_length=5)),
                ('remark', models.CharField(blank=True, max_length=300)),
                ('provider_reference', models.CharField(blank=True, max_length=200)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('next_at', models.DateTimeField(null=True)),
                ('asked_by_id', models.BigIntegerField(null=True)),
                ('asked_by_name', models.CharField(max_length=120)),
                ('asked_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='signing.certificate')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('signed_file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'next_at'], name='signing_req_state_2a7e2d_idx'), models.Index(fields=['unit_path', '-id'], name='signing_req_unit_pa_613a47_idx'), models.Index(fields=['asked_by_id', '-id'], name='signing_req_asked_b_29ca0e_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['requested', 'waiting'])), fields=('file',), name='signing_one_open_a_file')],
            },
        ),
        migrations.CreateModel(
            name='Prepared',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tail', models.BinaryField()),
                ('start', models.BigIntegerField()),
                ('end', models.BigIntegerField()),
                ('document_digest', models.BinaryField()),
                ('signed_attributes', models.BinaryField()),
                ('field', models.CharField(max_length=40)),
                ('value', models.BinaryField(default=bytes)),
                ('made_at', models.DateTimeField()),
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='prepared', to='signing.request')),
            ],
        ),
        migrations.CreateModel(
            name='Ask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(max_length=80)),
                ('subject', models.CharField(max_length=80)),
                ('role', models.CharField(choices=[('person', 'Ký cá nhân'), ('agency', 'Ký của cơ quan')], max_length=6)),
                ('title', models.CharField(max_length=200)),
                ('asked_by_id', models.BigIntegerField(null=True)),
                ('asked_by_name', models.CharField(max_length=120)),
                ('asked_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('signer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('closed_at', None)), fields=['signer', '-id'], name='signing_ask_mine'), models.Index(condition=models.Q(('closed_at', None)), fields=['unit_path', 'role', '-id'], name='signing_ask_unit')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('file', 'role'), name='signing_asked_once')],
            },
        ),
    ]
