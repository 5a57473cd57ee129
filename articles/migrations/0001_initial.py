import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Announcement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hub", models.CharField(max_length=500, unique=True, verbose_name="hub")),
                ("told_until", models.DateTimeField(verbose_name="told until")),
            ],
            options={
                "verbose_name": "announcement",
                "verbose_name_plural": "announcements",
                "ordering": ["hub"],
            },
        ),
        migrations.CreateModel(
            name="ArchiveReading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("finished_at", models.DateTimeField(null=True)),
                ("lines", models.PositiveIntegerField(default=0)),
                ("digest", models.CharField(default="0", max_length=64)),
                ("rejected", models.JSONField(default=list)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PageTag",
            fields=[
                ("tag", models.CharField(max_length=300, primary_key=True, serialize=False)),
                ("version", models.BigIntegerField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("first", "First publication"),
                            ("minor", "Minor change"),
                            ("update", "Update"),
                            ("clarification", "Clarification"),
                            ("correction", "Correction"),
                            ("archived", "Archived"),
                            ("reinstated", "Reinstated"),
                            ("retraction", "Retraction"),
                            ("kill", "Kill"),
                        ],
                        max_length=20,
                        verbose_name="as",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="note for readers")),
                ("live_from", models.DateTimeField(verbose_name="live from")),
                (
                    "live_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="live until"),
                ),
                ("is_listed", models.BooleanField(default=True, verbose_name="listed")),
                ("path", models.CharField(max_length=400, verbose_name="path")),
                ("headline", models.CharField(max_length=300, verbose_name="headline")),
                ("standfirst", models.TextField(blank=True, verbose_name="standfirst")),
                ("kicker", models.CharField(blank=True, max_length=80, verbose_name="kicker")),
                ("language", models.CharField(max_length=35, verbose_name="language")),
                (
                    "original",
                    models.CharField(
                        blank=True,
                        help_text="uuid of the article",
                        max_length=36,
                        verbose_name="translated from",
                    ),
                ),
                ("dateline", models.CharField(blank=True, max_length=160, verbose_name="dateline")),
                ("credits", models.JSONField(default=dict, verbose_name="credits")),
                ("source_line", models.TextField(blank=True, verbose_name="source line")),
                ("related", models.JSONField(default=list, verbose_name="related")),
                ("published_at", models.DateTimeField(verbose_name="published")),
                ("revised_at", models.DateTimeField(verbose_name="revised")),
                ("words", models.PositiveIntegerField(default=0, verbose_name="words")),
                ("body", models.TextField(blank=True, verbose_name="body")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="made"),
                ),
                ("previous_digest", models.CharField(blank=True, max_length=64)),
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
            ],
            options={
                "verbose_name": "publication",
                "verbose_name_plural": "publications",
                "ordering": ["-published_at", "-id"],
                "permissions": [("view_future", "Can see the site as it will be")],
            },
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=100, unique=True)),
                ("documents", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Article",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("headline", models.CharField(blank=True, max_length=300, verbose_name="headline")),
                (
                    "standfirst",
                    models.TextField(blank=True, max_length=1000, verbose_name="standfirst"),
                ),
                ("kicker", models.CharField(blank=True, max_length=80, verbose_name="kicker")),
                (
                    "slug",
                    models.SlugField(
                        allow_unicode=True,
                        blank=True,
                        help_text="Part of the public address. Made from the headline when left empty.",
                        max_length=80,
                        verbose_name="slug",
                    ),
                ),
                (
                    "slugline",
                    models.CharField(
                        blank=True,
                        help_text="The desk’s working name, never public.",
                        max_length=80,
                        verbose_name="slugline",
                    ),
                ),
                ("dateline", models.CharField(blank=True, max_length=160, verbose_name="dateline")),
                (
                    "language",
                    models.CharField(
                        default="en",
                        help_text="BCP 47: en, vi, ar, zh-Hant …",
                        max_length=35,
                        verbose_name="language",
                    ),
                ),
                ("body", models.TextField(blank=True, verbose_name="text")),
                (
                    "originally_published_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Only for stories that were public elsewhere before: the date readers see.",
                        null=True,
                        verbose_name="originally published",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_review", "In review"),
                            ("changes_requested", "Changes requested"),
                            ("approved", "Approved"),
                            ("spiked", "Spiked"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("on_hold", models.BooleanField(default=False, verbose_name="on hold")),
                (
                    "legal_check",
                    models.CharField(
                        choices=[("na", "Not needed"), ("required", "Required"), ("done", "Done")],
                        default="na",
                        max_length=10,
                        verbose_name="legal check",
                    ),
                ),
                (
                    "picture_check",
                    models.CharField(
                        choices=[("na", "Not needed"), ("required", "Required"), ("done", "Done")],
                        default="na",
                        max_length=10,
                        verbose_name="picture check",
                    ),
                ),
                (
                    "embargo_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="embargo until"),
                ),
                (
                    "review_due_at",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        help_text="Until when somebody else has to read what was published in an emergency.",
                        null=True,
                        verbose_name="review due",
                    ),
                ),
                (
                    "ready_at",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        help_text="Since when an approved text waits to go live; empty once it is scheduled.",
                        null=True,
                        verbose_name="ready since",
                    ),
                ),
                ("lock_version", models.PositiveIntegerField(default=1, editable=False)),
                ("chain_head", models.CharField(blank=True, editable=False, max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="articles_created",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "kill_requested_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kills_requested",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="kill requested by",
                    ),
                ),
                (
                    "original",
                    models.ForeignKey(
                        blank=True,
                        help_text="The story this one was first written as, in another language.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="translations",
                        to="articles.article",
                        verbose_name="translated from",
                    ),
                ),
            ],
            options={
                "verbose_name": "article",
                "verbose_name_plural": "articles",
                "ordering": ["-updated_at", "-id"],
                "permissions": [
                    ("preview_article", "Can preview the working copy as a page"),
                    ("share_preview_article", "Can give a preview to somebody without an account"),
                    ("import_article", "Can import articles"),
                    ("submit_article", "Can submit an article for review"),
                    ("request_changes_article", "Can request changes"),
                    ("approve_article", "Can approve an article"),
                    ("publish_article", "Can publish an article"),
                    ("schedule_article", "Can schedule an article"),
                    ("unschedule_article", "Can call off what is scheduled"),
                    (
                        "emergency_publish_article",
                        "Can publish without approval, to be reviewed afterwards",
                    ),
                    ("start_update_article", "Can start an update of a public article"),
                    ("hot_fix_article", "Can fix the live text while a longer draft waits"),
                    ("retract_article", "Can retract a published article"),
                    ("reinstate_article", "Can reinstate a retracted article"),
                    ("request_kill_article", "Can ask for an article to be killed"),
                    ("kill_article", "Can confirm that an article is killed"),
                    ("view_killed_article", "Can read the text of a killed article"),
                    ("archive_article", "Can archive an article"),
                    ("unarchive_article", "Can bring an article back from the archive"),
                    ("spike_article", "Can spike an article"),
                    ("restore_article", "Can restore a spiked article"),
                    ("set_embargo_article", "Can set an embargo"),
                    ("lift_embargo_article", "Can lift an embargo"),
                    ("hold_article", "Can put an article on hold"),
                    ("release_article", "Can release an article from hold"),
                    ("require_legal_article", "Can ask for the legal check"),
                    ("clear_legal_article", "Can say that the legal check is done"),
                    ("require_pictures_article", "Can ask for pictures"),
                    ("clear_pictures_article", "Can say that pictures are done"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(max_length=4000, verbose_name="comment")),
                ("quote", models.TextField(blank=True, max_length=1000, verbose_name="words")),
                ("where", models.CharField(blank=True, max_length=20, verbose_name="place")),
                ("start", models.IntegerField(default=0, verbose_name="offset")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="at"),
                ),
                (
                    "resolved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="resolved"),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "mentions",
                    models.ManyToManyField(
                        blank=True,
                        related_name="comments_mentioning",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="mentioned",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replies",
                        to="articles.comment",
                        verbose_name="in reply to",
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments_resolved",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="resolved by",
                    ),
                ),
            ],
            options={
                "verbose_name": "comment",
                "verbose_name_plural": "comments",
                "ordering": ["created_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Contributor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                (
                    "slug",
                    models.SlugField(
                        allow_unicode=True, max_length=100, unique=True, verbose_name="slug"
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=120, verbose_name="title")),
                ("bio", models.TextField(blank=True, max_length=2000, verbose_name="about")),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="contributor",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
            ],
            options={
                "verbose_name": "contributor",
                "verbose_name_plural": "contributors",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Byline",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True,
                        help_text="Taken from the contributor when left empty.",
                        max_length=150,
                        verbose_name="as printed",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("author", "Author"),
                            ("photographer", "Photographer"),
                            ("translator", "Translator"),
                            ("editor", "Editor"),
                            ("contributor", "Contributor"),
                        ],
                        default="author",
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                (
                    "affiliation",
                    models.CharField(blank=True, max_length=150, verbose_name="affiliation"),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bylines",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "contributor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bylines",
                        to="articles.contributor",
                        verbose_name="contributor",
                    ),
                ),
            ],
            options={
                "verbose_name": "byline",
                "verbose_name_plural": "bylines",
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="ContributorListing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("published_at", models.DateTimeField(verbose_name="published")),
                (
                    "contributor",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="listings",
                        to="articles.contributor",
                        verbose_name="contributor",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("action", models.CharField(max_length=40, verbose_name="action")),
                ("from_state", models.CharField(blank=True, max_length=20, verbose_name="from")),
                ("to_state", models.CharField(blank=True, max_length=20, verbose_name="to")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("detail", models.JSONField(default=dict, verbose_name="detail")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
                "ordering": ["article", "number"],
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "started_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="started"),
                ),
                ("options", models.JSONField(default=dict, verbose_name="options")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="import_runs",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "import run",
                "verbose_name_plural": "import runs",
                "ordering": ["-started_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="KilledText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kept", models.JSONField(verbose_name="text")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="killed"),
                ),
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="killed_text",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
            ],
            options={
                "verbose_name": "killed text",
                "verbose_name_plural": "killed texts",
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("submitted", "Submitted for review"),
                            ("changes_requested", "Changes requested"),
                            ("approved", "Approved"),
                            ("approval_void", "Approval void"),
                            ("mentioned", "Mentioned in a comment"),
                            ("commented", "Comment on your article"),
                            ("published", "Published or scheduled"),
                            ("called_off", "Schedule called off"),
                            ("withdrawn", "Retracted or killed"),
                            ("kill_asked", "Kill to confirm"),
                            ("legal_asked", "Legal check asked for"),
                            ("pictures_asked", "Pictures asked for"),
                            ("embargo_near", "Embargo ends soon"),
                            ("review_due", "Review of an emergency publication due"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="read")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "comment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to="articles.comment",
                        verbose_name="comment",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to="articles.event",
                        verbose_name="event",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="to",
                    ),
                ),
            ],
            options={
                "verbose_name": "notification",
                "verbose_name_plural": "notifications",
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="NotificationChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("submitted", "Submitted for review"),
                            ("changes_requested", "Changes requested"),
                            ("approved", "Approved"),
                            ("approval_void", "Approval void"),
                            ("mentioned", "Mentioned in a comment"),
                            ("commented", "Comment on your article"),
                            ("published", "Published or scheduled"),
                            ("called_off", "Schedule called off"),
                            ("withdrawn", "Retracted or killed"),
                            ("kill_asked", "Kill to confirm"),
                            ("legal_asked", "Legal check asked for"),
                            ("pictures_asked", "Pictures asked for"),
                            ("embargo_near", "Embargo ends soon"),
                            ("review_due", "Review of an emergency publication due"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("at_desk", models.BooleanField(default=True, verbose_name="at the desk")),
                ("by_mail", models.BooleanField(default=True, verbose_name="by mail")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notification_choices",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "choice of notifications",
                "verbose_name_plural": "choices of notifications",
                "ordering": ["user", "kind"],
            },
        ),
        migrations.CreateModel(
            name="Photo",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "file",
                    models.FileField(
                        blank=True, max_length=200, upload_to="originals", verbose_name="original"
                    ),
                ),
                (
                    "expected_file",
                    models.CharField(
                        blank=True,
                        help_text="The name or address the source gave. It is never opened or fetched.",
                        max_length=500,
                        verbose_name="file in the source",
                    ),
                ),
                ("caption", models.TextField(blank=True, max_length=2000, verbose_name="caption")),
                (
                    "alt_text",
                    models.CharField(
                        blank=True,
                        help_text="What the picture shows, for readers who can’t see it.",
                        max_length=500,
                        verbose_name="alt text",
                    ),
                ),
                ("is_decorative", models.BooleanField(default=False, verbose_name="decorative")),
                ("headline", models.CharField(blank=True, max_length=200, verbose_name="title")),
                (
                    "extended_description",
                    models.TextField(
                        blank=True,
                        help_text="More than the alt text holds: what a chart, a map or a crowd shows.",
                        max_length=2000,
                        verbose_name="long description",
                    ),
                ),
                (
                    "creator",
                    models.CharField(
                        blank=True,
                        help_text="Who made it, as its file says; several between semicolons.",
                        max_length=300,
                        verbose_name="creator in the file",
                    ),
                ),
                (
                    "credit_line",
                    models.CharField(
                        blank=True,
                        help_text="Who made and supplied it, as printed: “Signe Hal/AFP”.",
                        max_length=300,
                        verbose_name="credit line",
                    ),
                ),
                (
                    "copyright_notice",
                    models.CharField(blank=True, max_length=300, verbose_name="copyright notice"),
                ),
                (
                    "usage_terms",
                    models.CharField(blank=True, max_length=1000, verbose_name="usage terms"),
                ),
                (
                    "web_statement",
                    models.CharField(
                        blank=True,
                        max_length=500,
                        validators=[django.core.validators.URLValidator(schemes=["http", "https"])],
                        verbose_name="address of the terms",
                    ),
                ),
                (
                    "licensor_url",
                    models.CharField(
                        blank=True,
                        max_length=500,
                        validators=[django.core.validators.URLValidator(schemes=["http", "https"])],
                        verbose_name="address of the licensor",
                    ),
                ),
                ("taken_at", models.DateTimeField(blank=True, null=True, verbose_name="taken")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="place")),
                (
                    "digital_source_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not said"),
                            ("digitalCapture", "Camera"),
                            ("computationalCapture", "Camera, many exposures"),
                            ("negativeFilm", "Scanned from film"),
                            ("positiveFilm", "Scanned from slide"),
                            ("print", "Scanned from print"),
                            ("screenCapture", "Picture of a screen"),
                            ("humanEdits", "Edited by people"),
                            ("algorithmicallyEnhanced", "Enhanced by a program"),
                            ("composite", "Composite"),
                            ("compositeCapture", "Composite of photos"),
                            ("compositeSynthetic", "Composite, partly made by AI"),
                            ("compositeWithTrainedAlgorithmicMedia", "Edited with generative AI"),
                            ("digitalArt", "Illustration"),
                            ("digitalCreation", "Drawn with a program"),
                            ("dataDrivenMedia", "Made from data"),
                            ("algorithmicMedia", "Made by a program"),
                            ("trainedAlgorithmicMedia", "Made by generative AI"),
                        ],
                        max_length=40,
                        verbose_name="how it was made",
                    ),
                ),
                (
                    "usable_from",
                    models.DateTimeField(blank=True, null=True, verbose_name="may be used from"),
                ),
                (
                    "usable_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="may be used until"),
                ),
                (
                    "withheld_from",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Channels the rights leave out (see choices.Channel).",
                        verbose_name="not to be used in",
                    ),
                ),
                (
                    "focal_x",
                    models.FloatField(
                        default=0.5,
                        validators=[
                            django.core.validators.MinValueValidator(0.0),
                            django.core.validators.MaxValueValidator(1.0),
                        ],
                        verbose_name="focal point, across",
                    ),
                ),
                (
                    "focal_y",
                    models.FloatField(
                        default=0.5,
                        validators=[
                            django.core.validators.MinValueValidator(0.0),
                            django.core.validators.MaxValueValidator(1.0),
                        ],
                        verbose_name="focal point, down",
                    ),
                ),
                (
                    "width",
                    models.PositiveIntegerField(
                        blank=True, editable=False, null=True, verbose_name="width"
                    ),
                ),
                (
                    "height",
                    models.PositiveIntegerField(
                        blank=True, editable=False, null=True, verbose_name="height"
                    ),
                ),
                (
                    "content_hash",
                    models.CharField(blank=True, db_index=True, editable=False, max_length=64),
                ),
                ("perceptual_hash", models.CharField(blank=True, editable=False, max_length=16)),
                ("renditions_digest", models.CharField(blank=True, editable=False, max_length=32)),
                (
                    "killed_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="killed"
                    ),
                ),
                (
                    "kill_reason",
                    models.TextField(blank=True, editable=False, verbose_name="why it was killed"),
                ),
                (
                    "kill_notice",
                    models.CharField(
                        blank=True, editable=False, max_length=300, verbose_name="text in its place"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="added")),
                (
                    "killed_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="killed_photos",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="killed by",
                    ),
                ),
                (
                    "photographer",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="articles.contributor",
                        verbose_name="photographer",
                    ),
                ),
            ],
            options={
                "verbose_name": "photo",
                "verbose_name_plural": "photos",
                "ordering": ["-id"],
                "permissions": [
                    ("supply_photo", "Can supply the file of a photo"),
                    ("kill_photo", "Can kill a photo"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Placement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("block", models.CharField(max_length=20)),
                ("position", models.PositiveSmallIntegerField(verbose_name="order")),
                ("caption", models.TextField(blank=True, verbose_name="caption")),
                (
                    "alt",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="alt text for this use"
                    ),
                ),
                (
                    "layout",
                    models.CharField(
                        choices=[
                            ("inline", "In the text column"),
                            ("wide", "Wide"),
                            ("full", "Full width"),
                            ("left", "Left, text beside it"),
                            ("right", "Right, text beside it"),
                        ],
                        default="inline",
                        max_length=10,
                        verbose_name="layout",
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="placements",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="placements",
                        to="articles.photo",
                        verbose_name="photo",
                    ),
                ),
            ],
            options={
                "verbose_name": "photo placement",
                "verbose_name_plural": "photo placements",
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "since",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="since"),
                ),
                (
                    "seen_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="seen"),
                ),
                (
                    "has_changes",
                    models.BooleanField(default=False, verbose_name="has unsaved changes"),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="present",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="presences",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "presence",
                "verbose_name_plural": "presences",
                "ordering": ["since"],
            },
        ),
        migrations.CreateModel(
            name="TextPrint",
            fields=[
                (
                    "publication",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="text_print",
                        serialize=False,
                        to="articles.publication",
                    ),
                ),
                ("value", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.AddField(
            model_name="publication",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="publications",
                to="articles.article",
                verbose_name="article",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="contributors",
            field=models.ManyToManyField(
                related_name="publications",
                through="articles.ContributorListing",
                to="articles.contributor",
                verbose_name="contributors",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="created_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="publications",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="lead_photo",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="leads",
                to="articles.photo",
                verbose_name="lead photo",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="photos",
            field=models.ManyToManyField(
                related_name="publications", to="articles.photo", verbose_name="photos"
            ),
        ),
        migrations.AddField(
            model_name="event",
            name="publication",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="articles.publication",
                verbose_name="publication",
            ),
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("was", models.TextField(max_length=2000, verbose_name="was wrong")),
                ("now", models.TextField(max_length=2000, verbose_name="is right")),
                ("where", models.CharField(blank=True, max_length=20, verbose_name="place")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="articles.publication",
                        verbose_name="publication",
                    ),
                ),
            ],
            options={
                "verbose_name": "correction",
                "verbose_name_plural": "corrections",
                "ordering": ["publication", "position", "id"],
            },
        ),
        migrations.AddField(
            model_name="contributorlisting",
            name="publication",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="%(class)ss",
                to="articles.publication",
                verbose_name="publication",
            ),
        ),
        migrations.CreateModel(
            name="PublicPath",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(max_length=400, unique=True, verbose_name="path")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="public_paths",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
            ],
            options={
                "verbose_name": "public path",
                "verbose_name_plural": "public paths",
                "ordering": ["path"],
            },
        ),
        migrations.CreateModel(
            name="RelatedLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=300, verbose_name="title")),
                ("url", models.CharField(blank=True, max_length=2000, verbose_name="address")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("related", "Related"),
                            ("earlier", "Earlier in this story"),
                            ("dismissed", "Not related: never show it"),
                        ],
                        default="related",
                        max_length=20,
                        verbose_name="as",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "pinned_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="pinned until"),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="related_links",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "related",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="related_from",
                        to="articles.article",
                        verbose_name="our article",
                    ),
                ),
            ],
            options={
                "verbose_name": "related link",
                "verbose_name_plural": "related links",
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="Rendition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "file",
                    models.FileField(
                        db_index=True, max_length=200, upload_to="renditions", verbose_name="file"
                    ),
                ),
                ("width", models.PositiveIntegerField(verbose_name="width")),
                ("height", models.PositiveIntegerField(verbose_name="height")),
                ("format", models.CharField(max_length=10, verbose_name="format")),
                ("crop", models.CharField(blank=True, max_length=10, verbose_name="crop")),
                ("is_made", models.BooleanField(default=True, verbose_name="file made")),
                ("claimed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "photo",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="renditions",
                        to="articles.photo",
                        verbose_name="photo",
                    ),
                ),
            ],
            options={
                "verbose_name": "rendition",
                "verbose_name_plural": "renditions",
                "ordering": ["photo", "crop", "format", "width"],
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("document", models.JSONField(verbose_name="document")),
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
                ("is_proposal", models.BooleanField(default=False, verbose_name="proposal")),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("form", "Form"),
                            ("import", "Import"),
                            ("api", "API"),
                            ("restore", "Restored"),
                            ("merge", "Merged"),
                            ("hot_fix", "Hot fix"),
                        ],
                        default="form",
                        max_length=10,
                        verbose_name="origin",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="saved"),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "revision",
                "verbose_name_plural": "revisions",
                "ordering": ["article", "-number"],
            },
        ),
        migrations.AddField(
            model_name="publication",
            name="revision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="publications",
                to="articles.revision",
                verbose_name="revision",
            ),
        ),
        migrations.CreateModel(
            name="PreviewLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="for whom")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="made"),
                ),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="withdrawn"),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="preview_links",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="preview_links",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="preview_links",
                        to="articles.revision",
                        verbose_name="revision",
                    ),
                ),
            ],
            options={
                "verbose_name": "preview link",
                "verbose_name_plural": "preview links",
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ImportedDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("external_id", models.CharField(max_length=500, verbose_name="source")),
                (
                    "content_hash",
                    models.CharField(db_index=True, max_length=64, verbose_name="content"),
                ),
                ("format", models.CharField(max_length=20, verbose_name="format")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("imported", "Imported"),
                            ("needs_editor", "Needs an editor"),
                            ("rejected", "Rejected"),
                        ],
                        max_length=20,
                        verbose_name="outcome",
                    ),
                ),
                ("error", models.CharField(blank=True, max_length=40, verbose_name="error")),
                ("report", models.JSONField(default=dict, verbose_name="report")),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="imported"
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imported_documents",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="articles.importrun",
                        verbose_name="run",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imported_documents",
                        to="articles.revision",
                        verbose_name="revision",
                    ),
                ),
            ],
            options={
                "verbose_name": "imported document",
                "verbose_name_plural": "imported documents",
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="event",
            name="revision",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="articles.revision",
                verbose_name="revision",
            ),
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
                (
                    "approved_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="approved"
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="approved by",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                        to="articles.revision",
                        verbose_name="revision",
                    ),
                ),
            ],
            options={
                "verbose_name": "approval",
                "verbose_name_plural": "approvals",
                "ordering": ["-approved_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("place", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "publication",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_entry",
                        to="articles.publication",
                        verbose_name="publication",
                    ),
                ),
            ],
            options={
                "verbose_name": "search entry",
                "verbose_name_plural": "search entries",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Section",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("slug", models.SlugField(max_length=60, verbose_name="slug")),
                (
                    "path",
                    models.CharField(
                        editable=False, max_length=200, unique=True, verbose_name="path"
                    ),
                ),
                (
                    "description",
                    models.CharField(blank=True, max_length=300, verbose_name="description"),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                (
                    "in_navigation",
                    models.BooleanField(default=True, verbose_name="in the navigation"),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="articles.section",
                        verbose_name="parent",
                    ),
                ),
            ],
            options={
                "verbose_name": "section",
                "verbose_name_plural": "sections",
                "ordering": ["position", "name"],
            },
        ),
        migrations.AddField(
            model_name="publication",
            name="section",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="publications",
                to="articles.section",
                verbose_name="section",
            ),
        ),
        migrations.CreateModel(
            name="Front",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("live_from", models.DateTimeField(verbose_name="live from")),
                (
                    "live_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="live until"),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="made"),
                ),
                (
                    "called_off_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="called off"),
                ),
                (
                    "called_off_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="called off by",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fronts",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fronts",
                        to="articles.section",
                        verbose_name="section",
                    ),
                ),
            ],
            options={
                "verbose_name": "front",
                "verbose_name_plural": "fronts",
                "ordering": ["-live_from", "-number"],
                "permissions": [("arrange_fronts", "Can arrange fronts")],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to="auth.group",
                        verbose_name="role",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to="articles.section",
                        verbose_name="section",
                    ),
                ),
            ],
            options={
                "verbose_name": "assignment",
                "verbose_name_plural": "assignments",
                "ordering": ["user", "role", "section"],
            },
        ),
        migrations.AddField(
            model_name="article",
            name="section",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="articles",
                to="articles.section",
                verbose_name="section",
            ),
        ),
        migrations.CreateModel(
            name="Slot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "zone",
                    models.CharField(
                        choices=[("lead", "Lead"), ("beside", "Beside"), ("under", "Under")],
                        max_length=10,
                        verbose_name="zone",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                (
                    "pinned_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="pinned until"),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slots",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "front",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slots",
                        to="articles.front",
                        verbose_name="front",
                    ),
                ),
            ],
            options={
                "verbose_name": "slot",
                "verbose_name_plural": "slots",
                "ordering": ["front", "zone", "position"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "slug",
                    models.SlugField(
                        allow_unicode=True, max_length=100, unique=True, verbose_name="slug"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("person", "Person"),
                            ("institution", "Institution"),
                            ("agency", "Agency"),
                            ("outlet", "Outlet"),
                            ("document", "Document"),
                        ],
                        default="institution",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "credit_wording",
                    models.CharField(
                        blank=True,
                        help_text="How this source asks to be named beside its text or photos.",
                        max_length=200,
                        verbose_name="required credit",
                    ),
                ),
                ("licence", models.CharField(blank=True, max_length=200, verbose_name="licence")),
                ("url", models.URLField(blank=True, max_length=500, verbose_name="address")),
                (
                    "description",
                    models.TextField(blank=True, max_length=2000, verbose_name="about"),
                ),
            ],
            options={
                "verbose_name": "source",
                "verbose_name_plural": "sources",
                "ordering": ["name"],
                "indexes": [
                    models.Index(fields=["name"], name="source_name"),
                    models.Index(fields=["kind", "name"], name="source_kind_name"),
                ],
            },
        ),
        migrations.AddField(
            model_name="photo",
            name="agency",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="photos",
                to="articles.source",
                verbose_name="agency",
            ),
        ),
        migrations.CreateModel(
            name="Attribution",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("named_source", "Named source"),
                            ("anonymous_source", "Anonymous source"),
                            ("agency_in_text", "Agency in the text"),
                            ("source_line", "Source line"),
                            ("institution", "Institution"),
                            ("document", "Document"),
                        ],
                        default="named_source",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "name",
                    models.CharField(blank=True, max_length=200, verbose_name="name in the text"),
                ),
                ("text", models.TextField(max_length=1000, verbose_name="words in the text")),
                ("where", models.CharField(blank=True, max_length=20, verbose_name="place")),
                ("start", models.IntegerField(default=-1, editable=False)),
                ("is_quote", models.BooleanField(default=False, verbose_name="verbatim quotation")),
                (
                    "description",
                    models.CharField(
                        blank=True,
                        help_text="For an anonymous source: as much as readers may know.",
                        max_length=300,
                        verbose_name="description for readers",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        help_text="For the desk; never public.",
                        max_length=300,
                        verbose_name="reason for anonymity",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attributions_approved",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="signed off by",
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attributions",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "verified_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attributions_verified",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="verified by",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attributions",
                        to="articles.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "attribution",
                "verbose_name_plural": "attributions",
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="SourceAlias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "folded",
                    models.CharField(
                        editable=False,
                        error_messages={"unique": "Another source has this name."},
                        max_length=200,
                        unique=True,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aliases",
                        to="articles.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "name",
                "verbose_name_plural": "names",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="SourceListing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("published_at", models.DateTimeField(verbose_name="published")),
                (
                    "publication",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="articles.publication",
                        verbose_name="publication",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="listings",
                        to="articles.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="publication",
            name="sources",
            field=models.ManyToManyField(
                related_name="publications",
                through="articles.SourceListing",
                to="articles.source",
                verbose_name="sources",
            ),
        ),
        migrations.CreateModel(
            name="StoryTerm",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "publication",
                        "term",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.IntegerField()),
                ("weight", models.PositiveSmallIntegerField()),
                (
                    "publication",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="terms",
                        to="articles.publication",
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uses",
                        to="articles.term",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "slug",
                    models.SlugField(
                        allow_unicode=True, max_length=100, unique=True, verbose_name="slug"
                    ),
                ),
                (
                    "description",
                    models.CharField(blank=True, max_length=300, verbose_name="description"),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="articles.topic",
                        verbose_name="merged into",
                    ),
                ),
            ],
            options={
                "verbose_name": "topic",
                "verbose_name_plural": "topics",
                "ordering": ["name"],
            },
        ),
        migrations.AddField(
            model_name="article",
            name="topics",
            field=models.ManyToManyField(
                blank=True, related_name="articles", to="articles.topic", verbose_name="topics"
            ),
        ),
        migrations.CreateModel(
            name="TopicListing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("published_at", models.DateTimeField(verbose_name="published")),
                (
                    "publication",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="articles.publication",
                        verbose_name="publication",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="listings",
                        to="articles.topic",
                        verbose_name="topic",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="publication",
            name="topics",
            field=models.ManyToManyField(
                related_name="publications",
                through="articles.TopicListing",
                to="articles.topic",
                verbose_name="topics",
            ),
        ),
        migrations.CreateModel(
            name="Autosave",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("form", models.CharField(max_length=40, verbose_name="form")),
                (
                    "based_on",
                    models.PositiveIntegerField(default=0, verbose_name="based on version"),
                ),
                ("fields", models.JSONField(default=dict, verbose_name="fields")),
                (
                    "saved_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="saved"),
                ),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="autosaves",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="autosaves",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "autosave",
                "verbose_name_plural": "autosaves",
                "ordering": ["-saved_at"],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "form"), name="autosave_once_per_form")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["article", "created_at"], name="comment_in_article"),
        ),
        migrations.AddIndex(
            model_name="contributor",
            index=models.Index(fields=["name"], name="contributor_name"),
        ),
        migrations.AddIndex(
            model_name="byline",
            index=models.Index(fields=["contributor", "-id"], name="byline_newest"),
        ),
        migrations.AddConstraint(
            model_name="byline",
            constraint=models.UniqueConstraint(
                fields=("article", "contributor", "role"),
                name="byline_once_per_role",
                violation_error_message="This contributor has this role already.",
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(fields=["user", "-at", "-id"], name="notification_newest"),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("read_at", None)), fields=["user"], name="notification_unread"
            ),
        ),
        migrations.AddConstraint(
            model_name="notificationchoice",
            constraint=models.UniqueConstraint(
                fields=("user", "kind"), name="notification_choice_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="placement",
            constraint=models.UniqueConstraint(
                fields=("article", "block"),
                name="placement_once_per_block",
                violation_error_message="This figure has a placement already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="presence",
            constraint=models.UniqueConstraint(
                fields=("article", "user"), name="presence_once_per_user"
            ),
        ),
        migrations.AddIndex(
            model_name="contributorlisting",
            index=models.Index(
                fields=["contributor", "-published_at", "-publication"],
                name="contributor_listing_newest",
            ),
        ),
        migrations.AddConstraint(
            model_name="contributorlisting",
            constraint=models.UniqueConstraint(
                fields=("publication", "contributor"), name="contributor_listed_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="relatedlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["related", "earlier", "dismissed"])),
                name="related_link_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="relatedlink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("related", None),
                    models.Q(("related", models.F("article")), _negated=True),
                    _connector="OR",
                ),
                name="related_link_not_itself",
                violation_error_message="An article can’t be related to itself.",
            ),
        ),
        migrations.AddIndex(
            model_name="rendition",
            index=models.Index(
                condition=models.Q(("is_made", False)), fields=["photo"], name="rendition_to_make"
            ),
        ),
        migrations.AddConstraint(
            model_name="rendition",
            constraint=models.UniqueConstraint(
                fields=("photo", "crop", "format", "width"), name="rendition_once_per_width"
            ),
        ),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(fields=["origin", "-id"], name="revision_origin_newest"),
        ),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(
                condition=models.Q(("is_proposal", True)), fields=["-id"], name="revision_proposal"
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(
                fields=("article", "number"), name="revision_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="previewlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("created_at"))),
                name="preview_link_expires_after_it_is_made",
            ),
        ),
        migrations.AddIndex(
            model_name="importeddocument",
            index=models.Index(fields=["outcome", "-id"], name="imported_document_outcome"),
        ),
        migrations.AddConstraint(
            model_name="importeddocument",
            constraint=models.UniqueConstraint(
                fields=("external_id", "content_hash"), name="imported_document_once"
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["-at", "-id"], name="event_newest"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["action", "-at", "-id"], name="event_action_newest"),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.UniqueConstraint(
                fields=("article", "number"), name="event_number_once"
            ),
        ),
        migrations.AddIndex(
            model_name="front",
            index=models.Index(fields=["section", "-live_from"], name="front_page_newest"),
        ),
        migrations.AddIndex(
            model_name="front",
            index=models.Index(fields=["section", "-number"], name="front_page_number"),
        ),
        migrations.AddIndex(
            model_name="front",
            index=models.Index(
                condition=models.Q(("section", None)),
                fields=["-live_from"],
                name="front_top_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="front",
            index=models.Index(
                condition=models.Q(("section", None)), fields=["-number"], name="front_top_number"
            ),
        ),
        migrations.AddIndex(
            model_name="front",
            index=models.Index(fields=["live_from"], name="front_live_from"),
        ),
        migrations.AddIndex(
            model_name="front",
            index=models.Index(fields=["live_until"], name="front_live_until"),
        ),
        migrations.AddConstraint(
            model_name="front",
            constraint=models.UniqueConstraint(
                django.db.models.functions.comparison.Coalesce(
                    models.F("section"), models.Value(0), output_field=models.BigIntegerField()
                ),
                models.F("number"),
                name="front_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="front",
            constraint=models.UniqueConstraint(
                django.db.models.functions.comparison.Coalesce(
                    models.F("section"), models.Value(0), output_field=models.BigIntegerField()
                ),
                condition=models.Q(("live_until", None)),
                name="front_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="front",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("live_until", None),
                    ("live_until__gte", models.F("live_from")),
                    _connector="OR",
                ),
                name="front_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                fields=("user", "role", "section"),
                name="assignment_once",
                violation_error_message="This role is assigned there already.",
            ),
        ),
        migrations.AddIndex(
            model_name="slot",
            index=models.Index(fields=["pinned_until"], name="slot_pinned_until"),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.UniqueConstraint(
                fields=("front", "zone", "position"), name="slot_place_taken_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.UniqueConstraint(
                fields=("front", "article"), name="slot_story_stands_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.CheckConstraint(
                condition=models.Q(("zone__in", ["lead", "beside", "under"])),
                name="slot_zone_known",
            ),
        ),
        migrations.AddIndex(
            model_name="photo",
            index=models.Index(fields=["file", "-id"], name="photo_file"),
        ),
        migrations.AddIndex(
            model_name="photo",
            index=models.Index(
                condition=models.Q(("agency__isnull", False)),
                fields=["agency", "-id"],
                name="photo_agency_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="photo",
            index=models.Index(
                condition=models.Q(("photographer__isnull", False)),
                fields=["photographer", "-id"],
                name="photo_photographer_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="photo",
            index=models.Index(fields=["created_at"], name="photo_added"),
        ),
        migrations.AddIndex(
            model_name="photo",
            index=models.Index(
                condition=models.Q(("alt_text", ""), ("is_decorative", False), ("killed_at", None)),
                fields=["-id"],
                name="photo_no_alt",
            ),
        ),
        migrations.AddIndex(
            model_name="photo",
            index=models.Index(
                condition=models.Q(
                    ("agency", None),
                    ("credit_line", ""),
                    ("killed_at", None),
                    ("photographer", None),
                ),
                fields=["-id"],
                name="photo_no_credit",
            ),
        ),
        migrations.AddIndex(
            model_name="photo",
            index=models.Index(
                condition=models.Q(("usable_until__isnull", False)),
                fields=["-id"],
                name="photo_usable_until",
            ),
        ),
        migrations.AddIndex(
            model_name="photo",
            index=models.Index(
                condition=models.Q(("usable_from__isnull", False)),
                fields=["-id"],
                name="photo_usable_from",
            ),
        ),
        migrations.AddIndex(
            model_name="photo",
            index=models.Index(
                condition=models.Q(("killed_at", None), _negated=True),
                fields=["-id"],
                name="photo_killed",
            ),
        ),
        migrations.AddIndex(
            model_name="photo",
            index=models.Index(
                condition=models.Q(("usable_from__isnull", False)),
                fields=["usable_from"],
                name="photo_begins",
            ),
        ),
        migrations.AddIndex(
            model_name="photo",
            index=models.Index(
                condition=models.Q(("usable_until__isnull", False)),
                fields=["usable_until"],
                name="photo_ends",
            ),
        ),
        migrations.AddIndex(
            model_name="photo",
            index=models.Index(
                condition=models.Q(("killed_at__isnull", False)),
                fields=["killed_at"],
                name="photo_killed_at",
            ),
        ),
        migrations.AddIndex(
            model_name="photo",
            index=models.Index(
                condition=models.Q(("withheld_from", []), _negated=True),
                fields=["-id"],
                name="photo_withheld",
            ),
        ),
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("usable_from", None),
                    ("usable_until", None),
                    ("usable_until__gt", models.F("usable_from")),
                    _connector="OR",
                ),
                name="photo_rights_window",
                violation_error_message="The rights end before they begin.",
            ),
        ),
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.CheckConstraint(
                condition=models.Q(("focal_x__range", (0.0, 1.0)), ("focal_y__range", (0.0, 1.0))),
                name="photo_focal_point",
                violation_error_message="The focal point lies outside the picture.",
            ),
        ),
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("killed_at", None),
                    models.Q(("file", ""), models.Q(("kill_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="photo_killed_without_file",
                violation_error_message="A killed photo has a reason and no file.",
            ),
        ),
        migrations.AddConstraint(
            model_name="attribution",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "anonymous_source"), _negated=True),
                    ("source", None),
                    _connector="OR",
                ),
                name="attribution_anonymous_has_no_source",
                violation_error_message="An anonymous source can’t name its source.",
            ),
        ),
        migrations.AddIndex(
            model_name="sourcelisting",
            index=models.Index(
                fields=["source", "-published_at", "-publication"], name="source_listing_newest"
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcelisting",
            constraint=models.UniqueConstraint(
                fields=("publication", "source"), name="source_listed_once"
            ),
        ),
        migrations.AddIndex(
            model_name="storyterm",
            index=models.Index(
                fields=["term", "-day", "-publication", "weight"], name="story_term_newest"
            ),
        ),
        migrations.AddIndex(
            model_name="topic",
            index=models.Index(fields=["name"], name="topic_name"),
        ),
        migrations.AddIndex(
            model_name="topic",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["merged_into"],
                name="topic_merged",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["-updated_at", "-id"], name="article_newest"),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["state", "-updated_at", "-id"], name="article_state_newest"),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                fields=["section", "-updated_at", "-id"], name="article_section_newest"
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                fields=["created_by", "state", "-updated_at", "-id"], name="article_own_newest"
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("chain_head", "")),
                fields=["-updated_at", "-id"],
                name="article_never_public",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("on_hold", True)),
                fields=["-updated_at", "-id"],
                name="article_held",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("legal_check", "required")),
                fields=["-updated_at", "-id"],
                name="article_legal_open",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("picture_check", "required")),
                fields=["-updated_at", "-id"],
                name="article_pictures_open",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("kill_requested_by__isnull", False)),
                fields=["-updated_at", "-id"],
                name="article_kill_requested",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("embargo_until__isnull", False)),
                fields=["embargo_until", "id"],
                name="article_embargoed",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("review_due_at__isnull", False)),
                fields=["review_due_at", "id"],
                name="article_review_due",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("ready_at__isnull", False)),
                fields=["-ready_at", "-id"],
                name="article_ready",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "in_review", "changes_requested", "approved", "spiked"])
                ),
                name="article_state_known",
                violation_error_message="This is not a state of the desk.",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("original", None),
                    models.Q(("original", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="article_not_its_own_translation",
                violation_error_message="A story can’t be a translation of itself.",
            ),
        ),
        migrations.AddIndex(
            model_name="topiclisting",
            index=models.Index(
                fields=["topic", "-published_at", "-publication"], name="topic_listing_newest"
            ),
        ),
        migrations.AddConstraint(
            model_name="topiclisting",
            constraint=models.UniqueConstraint(
                fields=("publication", "topic"), name="topic_listed_once"
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(fields=["-published_at", "-id"], name="publication_newest"),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                fields=["section", "-published_at", "-id"], name="publication_section_newest"
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(fields=["path", "live_from"], name="publication_path"),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(fields=["live_from"], name="publication_live_from"),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                fields=["kind", "-live_from", "-id"], name="publication_kind_newest"
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(fields=["headline"], name="publication_headline"),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                django.db.models.functions.comparison.Greatest("live_from", "created_at"),
                models.F("id"),
                name="publication_changed",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                condition=models.Q(("original", ""), _negated=True),
                fields=["original"],
                name="publication_original",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.UniqueConstraint(
                fields=("article", "number"), name="publication_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.UniqueConstraint(
                condition=models.Q(("live_until", None)),
                fields=("article",),
                name="publication_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("live_until", None),
                    ("live_until__gte", models.F("live_from")),
                    _connector="OR",
                ),
                name="publication_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "first",
                            "minor",
                            "update",
                            "clarification",
                            "correction",
                            "archived",
                            "reinstated",
                            "retraction",
                            "kill",
                        ],
                    )
                ),
                name="publication_kind_known",
            ),
        ),
    ]
