import django.db.models.deletion
import uuid
import xaso.core.units.fields
import xaso.kit.clock
import xaso.modules.assessments.rules
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('files', '0001_initial'),
        ('units', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(max_length=80)),
                ('state', models.CharField(choices=[('draft', 'nháp'), ('self_scored', 'đã tự chấm'), ('submitted', 'đã nộp'), ('returned', 'trả lại'), ('resubmitted', 'nộp lại'), ('appraising', 'đang thẩm định'), ('appraised', 'đã thẩm định'), ('council_approved', 'hội đồng đã duyệt'), ('rejected', 'hội đồng từ chối'), ('published', 'đã công bố'), ('appealed', 'đang khiếu nại'), ('locked', 'đã khoá')], default=xaso.modules.assessments.rules.State['DRAFT'], max_length=20)),
                ('address', models.CharField(blank=True, max_length=200)),
                ('officials', models.PositiveIntegerField(null=True)),
                ('enterprises', models.PositiveIntegerField(null=True)),
                ('inhabitants', models.PositiveIntegerField(null=True)),
                ('contact_name', models.CharField(blank=True, max_length=120)),
                ('contact_title', models.CharField(blank=True, max_length=120)),
                ('contact_phone', models.CharField(blank=True, max_length=20)),
                ('contact_email', models.CharField(blank=True, max_length=120)),
                ('self_total', models.DecimalField(decimal_places=2, max_digits=7, null=True)),
                ('appraised_total', models.DecimalField(decimal_places=2, max_digits=7, null=True)),
                ('final_total', models.DecimalField(decimal_places=2, max_digits=7, null=True)),
                ('note', models.CharField(blank=True, max_length=1000)),
                ('is_final_rejection', models.BooleanField(default=False)),
                ('self_scored_by', models.BigIntegerField(null=True)),
                ('submitted_by', models.BigIntegerField(null=True)),
                ('submitted_at', models.DateTimeField(null=True)),
                ('appraised_by', models.BigIntegerField(null=True)),
                ('appraised_by_name', models.CharField(blank=True, max_length=120)),
                ('decided_by', models.BigIntegerField(null=True)),
                ('decided_by_name', models.CharField(blank=True, max_length=120)),
                ('changed_at', models.DateTimeField()),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('position', models.PositiveIntegerField()),
                ('code', models.CharField(max_length=20)),
                ('label', models.CharField(max_length=300)),
                ('group_code', models.CharField(max_length=20)),
                ('group_label', models.CharField(max_length=200)),
                ('method', models.CharField(blank=True, max_length=500)),
                ('evidence_asked', models.CharField(blank=True, max_length=300)),
                ('max', models.DecimalField(decimal_places=2, max_digits=7)),
                ('is_scored', models.BooleanField(default=True)),
                ('computed', models.DecimalField(decimal_places=2, max_digits=7, null=True)),
                ('computed_note', models.CharField(blank=True, max_length=500)),
                ('has_source', models.BooleanField(default=False)),
                ('self_points', models.DecimalField(decimal_places=2, max_digits=7, null=True)),
                ('self_note', models.CharField(blank=True, max_length=2000)),
                ('appraised_points', models.DecimalField(decimal_places=2, max_digits=7, null=True)),
                ('appraised_note', models.CharField(blank=True, max_length=2000)),
                ('final_points', models.DecimalField(decimal_places=2, max_digits=7, null=True)),
                ('final_note', models.CharField(blank=True, max_length=2000)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='assessments.assessment')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('assessment', 'code'), name='item_once')],
            },
        ),
        migrations.CreateModel(
            name='Decline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('reason', models.CharField(max_length=1000)),
                ('declined_by_name', models.CharField(max_length=120)),
                ('declined_at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(null=True)),
                ('undone_by_name', models.CharField(blank=True, max_length=120)),
                ('answered_at', models.DateTimeField(null=True)),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='declines', to='assessments.item')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('answered_at', None), ('undone_at', None)), fields=('item',), name='declined_once_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Proof',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.CharField(blank=True, max_length=60)),
                ('title', models.CharField(max_length=300)),
                ('issued_on', models.DateField(null=True)),
                ('added_by_name', models.CharField(max_length=120)),
                ('added_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(null=True)),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proofs', to='assessments.item')),
            ],
        ),
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(max_length=80)),
                ('year', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('set_code', models.CharField(max_length=40)),
                ('set_version', models.CharField(max_length=40)),
                ('set_uuid', models.UUIDField()),
                ('set_title', models.CharField(max_length=200)),
                ('max', models.DecimalField(decimal_places=2, max_digits=7)),
                ('data_since', models.DateField()),
                ('data_until', models.DateField()),
                ('self_score_until', models.DateField()),
                ('review_until', models.DateField()),
                ('publish_on', models.DateField()),
                ('appeal_days', models.PositiveIntegerField(default=10)),
                ('state', models.CharField(choices=[('open', 'đang đánh giá'), ('published', 'đã công bố'), ('locked', 'đã khoá')], default='open', max_length=10)),
                ('published_at', models.DateTimeField(null=True)),
                ('appeal_until', models.DateField(null=True)),
                ('locked_at', models.DateTimeField(null=True)),
                ('unlock_reason', models.CharField(blank=True, max_length=500)),
                ('opened_by', models.BigIntegerField(null=True)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('unit', 'set_code', 'year'), name='round_once_a_year')],
            },
        ),
        migrations.CreateModel(
            name='Exclusion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=500)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exclusions', to='assessments.round')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('round', 'unit'), name='excluded_once')],
            },
        ),
        migrations.AddField(
            model_name='assessment',
            name='round',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='assessments.round'),
        ),
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group_code', models.CharField(blank=True, max_length=20)),
                ('group_label', models.CharField(blank=True, max_length=200)),
                ('unit_kind', models.CharField(max_length=10)),
                ('points', models.DecimalField(decimal_places=2, max_digits=7)),
                ('max', models.DecimalField(decimal_places=2, max_digits=7)),
                ('rank', models.PositiveIntegerField()),
                ('of', models.PositiveIntegerField()),
                ('previous_rank', models.PositiveIntegerField(null=True)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='standings', to='assessments.assessment')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='standings', to='assessments.round')),
            ],
            options={
                'indexes': [models.Index(fields=['round', 'group_code', 'unit_kind', 'rank', 'id'], name='assessments_round_i_86ec0b_idx')],
                'constraints': [models.UniqueConstraint(fields=('assessment', 'group_code'), name='standing_once')],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('was', models.CharField(max_length=20)),
                ('state', models.CharField(max_length=20)),
                ('by_name', models.CharField(max_length=120)),
                ('at', models.DateTimeField(default=xaso.kit.clock.now)),
                ('note', models.CharField(blank=True, max_length=1000)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='assessments.assessment')),
            ],
        ),
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('codes', models.JSONField(default=list)),
                ('reason', models.CharField(max_length=2000)),
                ('made_by', models.BigIntegerField(null=True)),
                ('made_by_name', models.CharField(max_length=120)),
                ('made_at', models.DateTimeField()),
                ('is_upheld', models.BooleanField(null=True)),
                ('answer', models.CharField(blank=True, max_length=2000)),
                ('answered_by_name', models.CharField(blank=True, max_length=120)),
                ('answered_at', models.DateTimeField(null=True)),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='assessments.assessment')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('answered_at', None)), fields=('assessment',), name='one_appeal_at_a_time')],
            },
        ),
        migrations.AddIndex(
            model_name='assessment',
            index=models.Index(fields=['round', 'unit_path'], name='assessments_round_i_fecec8_idx'),
        ),
        migrations.AddIndex(
            model_name='assessment',
            index=models.Index(fields=['round', 'state'], name='assessments_round_i_f7d99a_idx'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.UniqueConstraint(fields=('round', 'unit'), name='assessed_once'),
        ),
    ]
