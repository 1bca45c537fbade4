import django.db.models.deletion
import xaso.core.units.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=120)),
                ('kind', models.CharField(choices=[('province', 'tỉnh'), ('city', 'thành phố'), ('district', 'huyện'), ('town', 'thị xã'), ('commune', 'xã'), ('ward', 'phường'), ('township', 'thị trấn'), ('village', 'thôn'), ('quarter', 'tổ dân phố'), ('agency', 'cơ quan')], max_length=10)),
                ('path', xaso.core.units.fields.UnitPathField(max_length=80)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('agency_code', models.CharField(blank=True, max_length=40)),
                ('agency_code_to_verify', models.BooleanField(default=True)),
                ('is_demo', models.BooleanField(default=False)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['path'], name='units_unit_path_626015_idx')],
                'constraints': [models.UniqueConstraint(fields=('code', 'valid_from'), name='unit_code_from'), models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='unit_dates_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Succession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('merge', 'sáp nhập'), ('split', 'chia tách'), ('rename', 'đổi tên'), ('transfer', 'điều chuyển')], max_length=10)),
                ('effective_on', models.DateField()),
                ('source', models.CharField(blank=True, max_length=200)),
                ('to_verify', models.BooleanField(default=True)),
                ('predecessor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='successions', to='units.unit')),
                ('successor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='origins', to='units.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('predecessor', 'successor', 'effective_on'), name='succession_once')],
            },
        ),
    ]
