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
            name='Article',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_path', xaso.core.units.fields.UnitPathField(max_length=80)),
                ('category', models.CharField(choices=[('news', 'Tin tức'), ('legal', 'Tuyên truyền pháp luật'), ('notice', 'Thông báo')], max_length=6)),
                ('state', models.CharField(choices=[('draft', 'Bản nháp'), ('submitted', 'Chờ duyệt'), ('published', 'Đã đăng'), ('withdrawn', 'Đã gỡ')], default='draft', max_length=9)),
                ('title', models.CharField(max_length=160)),
                ('lead', models.CharField(blank=True, max_length=400)),
                ('text', models.TextField()),
                ('source', models.CharField(blank=True, max_length=160)),
                ('is_pinned', models.BooleanField(default=False)),
                ('valid_until', models.DateField(null=True)),
                ('picture', models.JSONField(default=dict)),
                ('picture_alt', models.CharField(blank=True, max_length=200)),
                ('version', models.PositiveSmallIntegerField(default=0)),
                ('author_id', models.BigIntegerField(null=True)),
                ('author_name', models.CharField(max_length=120)),
                ('approver_name', models.CharField(blank=True, max_length=120)),
                ('remark', models.CharField(blank=True, max_length=500)),
                ('written_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(null=True)),
                ('corrected_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_reason', models.CharField(blank=True, max_length=500)),
                ('changed_at', models.DateTimeField()),
                ('purpose', models.CharField(max_length=80, null=True, unique=True)),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'published')), fields=['unit_path', '-published_at', '-id'], name='article_list'), models.Index(condition=models.Q(('state', 'published')), fields=['unit_path', 'category', '-published_at', '-id'], name='article_category'), models.Index(condition=models.Q(('state', 'published')), fields=['-published_at', '-id'], name='article_newest'), models.Index(fields=['unit_path', 'changed_at'], name='article_changed')],
            },
        ),
        migrations.CreateModel(
            name='ArticleVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('proposed', 'Chờ duyệt'), ('published', 'Đã đăng'), ('dropped', 'Không dùng')], max_length=9)),
                ('title', models.CharField(max_length=160)),
                ('lead', models.CharField(blank=True, max_length=400)),
                ('text', models.TextField()),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('author_id', models.BigIntegerField(null=True)),
                ('author_name', models.CharField(max_length=120)),
                ('approver_name', models.CharField(blank=True, max_length=120)),
                ('written_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(null=True)),
                ('article', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='news.article')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'dropped'), _negated=True), fields=('article', 'number'), name='article_version_once'), models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('article',), name='article_one_proposal')],
            },
        ),
        migrations.CreateModel(
            name='DailyViews',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('count', models.PositiveIntegerField(default=0)),
                ('article', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='views', to='news.article')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('article', 'day'), name='article_views_once')],
            },
        ),
    ]
