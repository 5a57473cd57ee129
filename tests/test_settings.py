"""Settings: what works with nothing set, what is refused, and what each variable turns into."""

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from newsroom.settings import machines, services
from newsroom.settings.environment import Environment
from newsroom.settings.secret_key import kept_secret_key

ROOT = Path(__file__).resolve().parent.parent

COMPLETE = {
    "SECRET_KEY": "k" * 60,
    "ALLOWED_HOSTS": "news.example",
    "SITE_URL": "https://news.example",
    "DATABASE_URL": "postgresql://desk@db.example/newsroom",
}


def run(module: str, expression: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Load a settings module as ``s`` in a process of its own and print an expression as JSON."""
    code = f"import json, newsroom.settings.{module} as s; print(json.dumps({expression}))"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **variables}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )


def value(module: str, expression: str, **variables: str) -> Any:
    done = run(module, expression, **variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_development_needs_no_variable_but_where_to_write(tmp_path: Path) -> None:
    database = value("development", "s.DATABASES['default']['NAME']", DATA_DIR=str(tmp_path))
    assert database == str(tmp_path / "db.sqlite3")


def test_two_data_directories_are_two_newsrooms(tmp_path: Path) -> None:
    places = "[s.DATABASES['default']['NAME'], s.MEDIA_ROOT, str(s.REPORTS_DIR), s.SECRET_KEY]"
    one = value("development", places, DATA_DIR=str(tmp_path / "one"))
    two = value("development", places, DATA_DIR=str(tmp_path / "two"))
    assert not set(one) & set(two)


def test_production_lists_everything_missing_at_once() -> None:
    done = run("production", "1")
    assert done.returncode != 0
    assert all(f"{name} is not set." in done.stderr for name in COMPLETE)


def test_production_starts_with_the_required_variables() -> None:
    shown = "[s.DEBUG, s.DEVELOPMENT, s.SESSION_COOKIE_SECURE, s.SECURE_SSL_REDIRECT]"
    assert value("production", shown, **COMPLETE) == [False, False, True, True]


def test_production_takes_an_empty_variable_for_a_missing_one() -> None:
    done = run("production", "1", **{**COMPLETE, "SECRET_KEY": "  "})
    assert "SECRET_KEY is not set." in done.stderr


def test_production_names_what_is_wrong_beside_what_is_missing() -> None:
    done = run("production", "1", SITE_URL="news.example", TIME_ZONE="Mars/Base")
    assert "SITE_URL is 'news.example'." in done.stderr
    assert "TIME_ZONE is 'Mars/Base'." in done.stderr
    assert "ALLOWED_HOSTS is not set." in done.stderr


def test_no_message_repeats_a_password() -> None:
    done = run("production", "1", DATABASE_URL="mysql://desk:hunter2@db.example/newsroom")
    assert "DATABASE_URL names no database" in done.stderr
    assert "hunter2" not in done.stderr


def test_production_ignores_debug() -> None:
    assert value("production", "s.DEBUG", DEBUG="true", **COMPLETE) is False


def test_documentation_lists_exactly_the_variables_that_are_read(tmp_path: Path) -> None:
    names = "sorted(s.env.names)"
    read = set(value("development", names, DATA_DIR=str(tmp_path)))
    read |= set(value("production", names, **COMPLETE))
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    table = text.split("## Of commands")[0]
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE)) == read


@pytest.mark.parametrize(
    ("word", "expected"), [("TRUE", True), ("on", True), ("0", False), ("no", False), ("", True)]
)
def test_boolean_reads_the_usual_words(word: str, expected: bool) -> None:
    assert Environment({"FLAG": word}).boolean("FLAG", default=True) is expected


@pytest.mark.parametrize(
    ("method", "arguments", "wrong"),
    [
        ("boolean", (True,), "maybe"),
        ("number", (1,), "-3"),
        ("number", (1,), "1.5"),
        ("number", (1,), "²"),
        ("number", (1, 1), "0"),
        ("choice", ("en", ["en", "vi"]), "xx"),
        ("time_zone", ("UTC",), "../etc/passwd"),
        ("site_address", ("http://a.example",), "ftp://news.example"),
        ("site_address", ("http://a.example",), "https://news.example/path"),
        ("site_address", ("http://a.example",), "https://news.example:port"),
        ("site_address", ("http://a.example",), "https://[news"),
    ],
)
def test_wrong_value_names_its_variable(method: str, arguments: Any, wrong: str) -> None:
    env = Environment({"NAME": wrong})
    getattr(env, method)("NAME", *arguments)
    with pytest.raises(ImproperlyConfigured, match=r"NAME is .*Give "):
        env.raise_problems()


def test_site_address_loses_the_slash_at_its_end() -> None:
    env = Environment({"SITE_URL": "https://news.example:8443/"})
    assert env.site_address("SITE_URL", "") == "https://news.example:8443"


def test_list_drops_blanks_and_empty_entries() -> None:
    assert Environment({"HOSTS": " a.example, ,b.example,"}).listed("HOSTS") == [
        "a.example",
        "b.example",
    ]


def test_sqlite_waits_for_writers_and_begins_by_taking_its_turn() -> None:
    config = services.database("sqlite:////srv/news room.sqlite3")
    assert config["NAME"] == "/srv/news room.sqlite3"
    assert config["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert config["OPTIONS"]["timeout"] == 20
    assert "journal_mode=WAL" in config["OPTIONS"]["init_command"]


def test_postgresql_address_may_escape_its_password() -> None:
    config = services.database(
        "postgresql://desk:p%40ss%2Fword@db.example:5433/news?sslmode=require"
    )
    assert (config["PASSWORD"], config["PORT"], config["NAME"]) == ("p@ss/word", 5433, "news")
    assert config["OPTIONS"] == {"sslmode": "require"}


def test_postgresql_statements_have_a_time_limit_and_connections_a_health_check() -> None:
    config = services.database("postgresql://db.example/news")
    services.postgresql_connections(config, max_age=60, pool=0, statement_timeout=30)
    options = "-c random_page_cost=1.1 -c statement_timeout=30s"
    kept = {"connect_timeout": 3, "prepare_threshold": services.NEVER}
    assert config["OPTIONS"] == {"options": options, **kept}
    assert (config["CONN_MAX_AGE"], config["CONN_HEALTH_CHECKS"]) == (60, True)


def test_options_of_an_address_of_postgresql_come_after_ours() -> None:
    address = "postgresql://db.example/news?options=-c%20random_page_cost%3D4"
    config = services.database(address)
    services.postgresql_connections(config, max_age=60, pool=0, statement_timeout=0)
    assert config["OPTIONS"]["options"].split(" -c ")[-1] == "random_page_cost=4"


def test_postgresql_keeps_no_statements_behind_a_pooler_that_cannot() -> None:
    shown = (
        "[s.DATABASES[name]['OPTIONS']['prepare_threshold'] for name in ('default', 'replica1')]"
    )
    given = {**COMPLETE, "DATABASE_REPLICA_URL": REPLICAS, "DATABASE_PREPARED_STATEMENTS": "false"}
    assert value("production", shown, **given) == [None, None]


def test_postgresql_pool_keeps_no_connections_beside_it() -> None:
    config = services.database("postgresql://db.example/news")
    services.postgresql_connections(config, max_age=60, pool=8, statement_timeout=0)
    assert config["OPTIONS"]["pool"]["max_size"] == 8
    assert config["CONN_MAX_AGE"] == 0


REPLICAS = "postgresql://desk@a.example/newsroom, postgresql://desk@b.example/newsroom"


def test_replicas_are_only_read() -> None:
    shown = "[s.DATABASES['replica2']['HOST'], s.DATABASES['replica2']['OPTIONS']['options']]"
    host, options = value("production", shown, DATABASE_REPLICA_URL=REPLICAS, **COMPLETE)
    assert host == "b.example"
    assert "default_transaction_read_only=on" in options
    assert "statement_timeout=10s" in options


def test_replica_that_is_gone_is_given_up_before_readers_are() -> None:
    config = services.replicas(REPLICAS)[0]
    services.postgresql_replica(config, max_age=60, pool=4, statement_timeout=0)
    assert config["OPTIONS"]["connect_timeout"] == config["OPTIONS"]["pool"]["timeout"] == 2


def test_without_replicas_nothing_is_routed() -> None:
    shown = "[list(s.DATABASES), s.DATABASE_ROUTERS]"
    assert value("production", shown, **COMPLETE) == [["default"], []]


def test_sqlite_has_no_replicas(tmp_path: Path) -> None:
    done = run("development", "1", DATA_DIR=str(tmp_path), DATABASE_REPLICA_URL=REPLICAS)
    assert "DATABASE_REPLICA_URL needs a DATABASE_URL of PostgreSQL." in done.stderr
    with pytest.raises(ValueError, match="alone has replicas"):
        services.replicas("sqlite:////srv/copy.sqlite3")


@pytest.mark.parametrize("scheme", ["redis", "rediss", "valkey", "valkeys"])
def test_redis_and_valkey_are_the_built_in_cache(scheme: str) -> None:
    config = services.cache(f"{scheme}://cache.example:6379/2")
    assert config["BACKEND"] == services.REDIS_CACHE
    assert config["LOCATION"] == f"{scheme.replace('valkey', 'redis')}://cache.example:6379/2"
    assert config["OPTIONS"]["socket_timeout"] == 2


def test_directory_of_photos_may_have_blanks_in_its_name() -> None:
    store = services.storage("file:///srv/news%20room/photos")
    assert store["OPTIONS"] == {"location": "/srv/news room/photos"}


def test_bucket_never_overwrites_a_photo_and_its_host_may_be_shown() -> None:
    store = services.storage("s3://KEY:SE%2FCRET@photos/news/?domain=img.example&region=eu-west-1")
    options = store["OPTIONS"]
    assert (options["bucket_name"], options["location"]) == ("photos", "news")
    assert options["secret_key"] == "SE/CRET"
    assert options["file_overwrite"] is False
    assert services.public_origin(store) == "https://img.example"


def test_bucket_photos_pass_the_content_security_policy() -> None:
    variables = {**COMPLETE, "STORAGE_URL": "s3://photos?domain=img.example"}
    policy = "s.CONTENT_SECURITY_POLICY['DIRECTIVES']['img-src']"
    assert "https://img.example" in value("production", policy, **variables)


def test_mail_server_with_encryption() -> None:
    config = services.email("smtp+tls://desk:pa%3Ass@mail.example:587")
    assert (config["EMAIL_HOST"], config["EMAIL_PORT"]) == ("mail.example", 587)
    assert (config["EMAIL_HOST_PASSWORD"], config["EMAIL_USE_TLS"]) == ("pa:ss", True)


@pytest.mark.parametrize(
    ("read", "address"),
    [
        (services.database, "db.sqlite3"),
        (services.database, "sqlite://db.sqlite3"),
        (services.database, "sqlite:///"),
        (services.database, "mysql://db.example/news"),
        (services.database, "postgresql://db.example"),
        (services.database, "postgresql://db.example:port/news"),
        (services.database, "postgresql://[db/news"),
        (services.cache, "memcached://cache.example"),
        (services.cache, "redis://"),
        (services.cache, "redis://cache.example:port/0"),
        (services.storage, "/srv/photos"),
        (services.storage, "file://photos"),
        (services.storage, "s3://"),
        (services.storage, "s3://photos?domain=img.example&acl=public"),
        (services.storage, "s3://[photos"),
        (services.email, "mail.example"),
        (services.email, "smtp://"),
        (services.email, "smtp://mail.example:port"),
    ],
)
def test_address_that_means_nothing_is_refused(read: Any, address: str) -> None:
    with pytest.raises(ValueError, match=r"^(names|needs|is|has|lacks) "):
        read(address)


@pytest.mark.parametrize(
    ("read", "address", "found"),
    [
        (machines.hubs, "https://a.example/, http://127.0.0.1:8/x,", 2),
        (machines.contacts, "desk@news.example,mailto:a@b.example,https://news.example/r/", 3),
        (machines.robots_lines, "User-agent: BadBot; Disallow: /", 2),
        (machines.trust_lines, "belongto=https://press.example/,contact=desk@news.example", 2),
    ],
)
def test_list_for_machines_is_taken_apart(read: Any, address: str, found: int) -> None:
    assert len(read(address)) == found


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (machines.hubs, "http://hub.example/"),
        (machines.hubs, "http://localhost/"),
        (machines.hubs, "ftp://127.0.0.1:1/"),
        (machines.hubs, "https://["),
        (machines.contacts, "news.example"),
        (machines.contacts, "http://news.example/"),
        (machines.robots_lines, "Disallow /"),
        (machines.robots_lines, "Noindex: /"),
        (machines.trust_lines, "belongto"),
        (machines.trust_lines, "owner=https://press.example/"),
        (machines.trust_lines, "social=javascript:x"),
        (machines.web_page, "/about/"),
        (machines.web_page, "https://news.example/a b"),
    ],
)
def test_value_for_machines_that_means_nothing_is_refused(read: Any, value: str) -> None:
    with pytest.raises(ValueError, match=r"^(names|holds|is) .*Give "):
        read(value)


def test_secret_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    key = kept_secret_key(tmp_path / "new")
    assert len(key) >= 50
    assert kept_secret_key(tmp_path / "new") == key
    assert stat.S_IMODE((tmp_path / "new" / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret_key"]


def test_secret_key_written_meanwhile_by_another_process_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret_key").write_text("k" * 50)
    monkeypatch.setattr(Path, "exists", lambda self: False)
    assert kept_secret_key(tmp_path) == "k" * 50


def test_data_directory_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ImproperlyConfigured, match="DATA_DIR"):
        kept_secret_key(tmp_path / "file")
