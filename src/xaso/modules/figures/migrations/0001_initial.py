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
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(max_length=80)),
                ('period_key', models.CharField(max_length=10)),
                ('file_name', models.CharField(max_length=120)),
                ('sha256', models.CharField(max_length=64)),
                ('sheet', models.CharField(blank=True, max_length=60)),
                ('rows', models.JSONField(default=list)),
                ('faulty', models.PositiveIntegerField(default=0)),
                ('state', models.CharField(choices=[('previewed', 'Chờ xác nhận'), ('applied', 'Đã nhập'), ('undone', 'Đã huỷ nhập')], default='previewed', max_length=10)),
                ('by_id', models.BigIntegerField(null=True)),
                ('by_name', models.CharField(max_length=120)),
                ('created_at', models.DateTimeField()),
                ('applied_at', models.DateTimeField(null=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['unit_path', '-id'], name='figures_imp_unit_pa_d4187d_idx')],
            },
        ),
        migrations.CreateModel(
            name='Declared',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(max_length=80)),
                ('key', models.CharField(max_length=60)),
                ('period_key', models.CharField(blank=True, max_length=10)),
                ('as_of', models.DateField()),
                ('sub_population', models.CharField(blank=True, max_length=120)),
                ('comparator', models.CharField(default='=', max_length=2)),
                ('number', models.DecimalField(decimal_places=4, max_digits=24, null=True)),
                ('numerator', models.DecimalField(decimal_places=4, max_digits=24, null=True)),
                ('denominator', models.DecimalField(decimal_places=4, max_digits=24, null=True)),
                ('text', models.CharField(blank=True, max_length=300)),
                ('source', models.CharField(max_length=300)),
                ('supplier', models.CharField(blank=True, max_length=200)),
                ('document_number', models.CharField(blank=True, max_length=60)),
                ('document_title', models.CharField(blank=True, max_length=300)),
                ('document_on', models.DateField(null=True)),
                ('confidence', models.CharField(choices=[('high', 'Có sổ sách hoặc hệ thống chứng minh'), ('medium', 'Tổng hợp từ báo cáo'), ('low', 'Ước tính')], default='medium', max_length=6)),
                ('state', models.CharField(choices=[('waiting', 'Chờ duyệt'), ('approved', 'Đã duyệt'), ('refused', 'Không duyệt'), ('withdrawn', 'Đã rút')], default='waiting', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('entered_by_id', models.BigIntegerField(null=True)),
                ('entered_by_name', models.CharField(max_length=120)),
                ('entered_at', models.DateTimeField()),
                ('decided_by_id', models.BigIntegerField(null=True)),
                ('decided_by_name', models.CharField(blank=True, max_length=120)),
                ('decided_at', models.DateTimeField(null=True)),
                ('replaced_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaces', to='figures.declared')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='declared', to='figures.import')),
            ],
            options={
                'indexes': [models.Index(fields=['unit_path', 'key', 'as_of'], name='figures_dec_unit_pa_5c78a0_idx'), models.Index(fields=['unit_path', 'state', '-id'], name='figures_dec_unit_pa_c4bc32_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('period_key', ''), ('replaced_by', None), ('state', 'approved')), fields=('unit_path', 'key', 'period_key', 'as_of', 'sub_population'), name='declared_stock_once'), models.UniqueConstraint(condition=models.Q(('replaced_by', None), ('state', 'approved'), models.Q(('period_key', ''), _negated=True)), fields=('unit_path', 'key', 'period_key', 'sub_population'), name='declared_flow_once'), models.CheckConstraint(condition=models.Q(('replaced_by', None), ('state__in', ['approved', 'withdrawn']), _connector='OR'), name='declared_replaced_was_approved')],
            },
        ),
    ]
