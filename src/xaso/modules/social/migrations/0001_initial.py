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
                ('fingerprint', models.CharField(max_length=64, unique=True)),
                ('kind', models.CharField(max_length=40)),
                ('page_id', models.CharField(blank=True, max_length=40)),
                ('post_id', models.CharField(blank=True, max_length=80)),
                ('received_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='Page',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(max_length=80)),
                ('kind', models.CharField(choices=[('facebook', 'Trang Facebook'), ('facebook_group', 'Nhóm Facebook'), ('zalo_oa', 'Zalo OA'), ('zalo_group', 'Nhóm Zalo'), ('youtube', 'Kênh YouTube'), ('tiktok', 'Kênh TikTok'), ('website', 'Trang thông tin điện tử'), ('other', 'Kênh khác')], max_length=14)),
                ('name', models.CharField(max_length=150)),
                ('folded', models.CharField(max_length=200)),
                ('address', models.CharField(blank=True, max_length=300)),
                ('run_by', models.CharField(max_length=120)),
                ('run_by_phone', models.CharField(blank=True, max_length=15)),
                ('members', models.PositiveIntegerField(null=True)),
                ('members_on', models.DateField(null=True)),
                ('since_on', models.DateField()),
                ('checked_on', models.DateField(null=True)),
                ('checked_by', models.CharField(blank=True, max_length=120)),
                ('is_active', models.BooleanField(default=True)),
                ('closed_on', models.DateField(null=True)),
                ('page_key', models.CharField(blank=True, max_length=40)),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['unit_path', 'kind', '-id'], name='social_page_unit')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_on', None)), fields=('unit_path', 'kind', 'folded'), name='social_page_once')],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(max_length=80)),
                ('key', models.CharField(max_length=160, unique=True)),
                ('purpose', models.CharField(blank=True, max_length=80)),
                ('text', models.TextField()),
                ('link', models.CharField(blank=True, max_length=300)),
                ('publish_at', models.DateTimeField(null=True)),
                ('state', models.CharField(choices=[('drafted', 'Bản nháp'), ('waiting', 'Đang đưa lên Facebook'), ('on_facebook', 'Đã ở Facebook'), ('by_hand', 'Đã đăng tay'), ('failed', 'Chưa đưa lên được'), ('cancelled', 'Đã huỷ')], default='drafted', max_length=11)),
                ('step', models.CharField(blank=True, choices=[('put', 'đưa lên'), ('publish', 'đăng'), ('remove', 'gỡ')], max_length=7)),
                ('facebook_as', models.CharField(blank=True, choices=[('draft', 'bản nháp ở Facebook'), ('scheduled', 'đã hẹn giờ'), ('published', 'đã đăng')], max_length=9)),
                ('facebook_id', models.CharField(blank=True, db_index=True, max_length=80)),
                ('address', models.CharField(blank=True, max_length=300)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('retry_at', models.DateTimeField(null=True)),
                ('code', models.IntegerField(null=True)),
                ('error', models.CharField(blank=True, max_length=500)),
                ('drafted_by', models.CharField(max_length=120)),
                ('settled_by', models.CharField(blank=True, max_length=120)),
                ('created_at', models.DateTimeField()),
                ('moved_at', models.DateTimeField(null=True)),
                ('published_at', models.DateTimeField(null=True)),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='social.page')),
                ('picture', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['unit_path', '-id'], name='social_post_newest'), models.Index(fields=['purpose', 'state', 'id'], name='social_post_purpose'), models.Index(condition=models.Q(('state', 'waiting')), fields=['retry_at', 'id'], name='social_post_waiting')],
            },
        ),
    ]
