"""Addresses of databases, caches, photo stores and mail servers as Django's settings.

Each function takes the value of one variable and raises ``ValueError`` with what is wrong and what
to give instead. An address holds passwords, so no message repeats one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from environ import Env

SQLITE = "django.db.backends.sqlite3"
POSTGRESQL = "django.db.backends.postgresql"
LOCAL_CACHE = "django.core.cache.backends.locmem.LocMemCache"
REDIS_CACHE = "django.core.cache.backends.redis.RedisCache"
LOCAL_FILES = "django.core.files.storage.FileSystemStorage"
S3_FILES = "storages.backends.s3.S3Storage"

# Readers never wait for a writer (WAL), a writer waits its turn instead of failing (timeout, and
# IMMEDIATE so that the turn is taken before the first read), and a commit survives the process.
# Pages of the file are kept by the system, which all threads share; SQLite's own cache is one for
# each connection, two a thread, and stays as small as SQLite has it by itself.
SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        " PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;"
        " PRAGMA journal_size_limit=67108864;"
    ),
}

# Seconds that a connection to PostgreSQL is waited for: a host that is gone says nothing.
CONNECT_TIMEOUT = 3
# PostgreSQL's own figure, 4, is that of a disk that turns: with it tables of a middle size are read
# as a whole where an index leads to the few rows that are wanted. What an address says comes later.
READS_ANYWHERE = "-c random_page_cost=1.1"
# Repetitions after which the driver has the server keep any statement: what is worth it says so.
NEVER = 1 << 62

DATABASE_FIX = "Give postgresql://USER:PASSWORD@HOST:5432/NAME or sqlite:////absolute/path.sqlite3."
CACHE_FIX = "Give redis://HOST:6379/0, rediss://… or locmem://."
STORAGE_FIX = "Give file:///absolute/directory or s3://KEY:SECRET@BUCKET/PREFIX?region=REGION."
EMAIL_FIX = "Give smtp://USER:PASSWORD@HOST:25, smtp+tls://…, smtp+ssl://… or consolemail://."

S3_PARAMETERS = {"region": "region_name", "endpoint": "endpoint_url", "domain": "custom_domain"}


def scheme_of(address: str, fix: str) -> str:
    """Return the scheme of an address whose parts can be read."""
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - raises when it is no number
    except ValueError:
        raise ValueError(f"is no readable address. {fix}") from None
    return parts.scheme


def database(address: str) -> dict[str, Any]:
    """Return the settings of one database, SQLite or PostgreSQL."""
    scheme = scheme_of(address, DATABASE_FIX)
    if scheme not in ("sqlite", "postgres", "postgresql"):
        raise ValueError(f"names no database Newsroom knows. {DATABASE_FIX}")
    if scheme == "sqlite" and urlsplit(address).netloc:
        raise ValueError(f"needs three slashes and the path of a file. {DATABASE_FIX}")
    config: dict[str, Any] = Env.db_url_config(address)
    if config["NAME"] in ("", ":memory:"):
        raise ValueError(f"names no database. {DATABASE_FIX}")
    config.setdefault("OPTIONS", {})
    return sqlite(Path(config["NAME"])) if scheme == "sqlite" else config


def sqlite(path: Path) -> dict[str, Any]:
    return {"ENGINE": SQLITE, "NAME": str(path), "OPTIONS": dict(SQLITE_OPTIONS)}


def sqlite_connections(config: dict[str, Any], *, max_age: int) -> None:
    """Set for how many seconds connections of an SQLite database are kept."""
    config.setdefault("CONN_MAX_AGE", max_age)


def postgresql_connections(
    config: dict[str, Any],
    *,
    max_age: int,
    pool: int,
    statement_timeout: int,
    may_prepare: bool = True,
) -> None:
    """Set how connections of a PostgreSQL database are kept, in seconds; ``pool`` 0 is no pool.

    ``may_prepare`` has it keep the statements that are made to be (``articles.planned``).
    """
    options = config["OPTIONS"]
    options.setdefault("prepare_threshold", NEVER if may_prepare else None)
    options.setdefault("connect_timeout", CONNECT_TIMEOUT)
    given = [READS_ANYWHERE, *filter(None, [options.get("options")])]
    if statement_timeout:
        given.append(f"-c statement_timeout={statement_timeout}s")
    options["options"] = " ".join(given)
    if pool:
        options["pool"] = {"min_size": min(2, pool), "max_size": pool, "timeout": 10}
    config.setdefault("CONN_MAX_AGE", 0 if pool else max_age)
    config.setdefault("CONN_HEALTH_CHECKS", True)


def replicas(addresses: str) -> list[dict[str, Any]]:
    """Return the settings of each replica of a PostgreSQL database, between commas."""
    found = [database(address.strip()) for address in addresses.split(",") if address.strip()]
    if any(config["ENGINE"] != POSTGRESQL for config in found):
        raise ValueError("names another database than PostgreSQL, which alone has replicas.")
    return found


def postgresql_replica(
    config: dict[str, Any],
    *,
    max_age: int,
    pool: int,
    statement_timeout: int,
    may_prepare: bool = True,
) -> None:
    """Set how a replica is asked: never written to, one moment a page, given up when it is gone."""
    options = config["OPTIONS"]
    read_only = "-c default_transaction_read_only=on -c default_transaction_isolation="
    given = f"{options.get('options', '')} {read_only}repeatable\\ read"
    options["options"] = given.strip()
    options.setdefault("connect_timeout", 2)
    options.setdefault("tcp_user_timeout", 3000)
    # Each page first asks for the replica's version, which is a health check.
    config["CONN_HEALTH_CHECKS"] = False
    postgresql_connections(
        config,
        max_age=max_age,
        pool=pool,
        statement_timeout=statement_timeout,
        may_prepare=may_prepare,
    )
    if pool:
        options["pool"]["timeout"] = 2


def cache(address: str) -> dict[str, Any]:
    """Return the settings of one cache: Redis or Valkey, or the memory of this process."""
    scheme = scheme_of(address, CACHE_FIX)
    if scheme == "locmem":
        return {"BACKEND": LOCAL_CACHE, "LOCATION": "newsroom"}
    if scheme not in ("redis", "rediss", "valkey", "valkeys") or not urlsplit(address).hostname:
        raise ValueError(f"names no cache Newsroom knows. {CACHE_FIX}")
    # The client library knows both kinds of server under the older name only.
    config: dict[str, Any] = Env.cache_url_config(
        address.replace("valkey", "redis", 1), backend=REDIS_CACHE
    )
    # A page is worth more than its cache: a server that hangs is given up after two seconds.
    config["OPTIONS"] = {
        "socket_connect_timeout": 2,
        "socket_timeout": 2,
        **config.get("OPTIONS", {}),
    }
    return config


def storage(address: str) -> dict[str, Any]:
    """Return the settings of the photo store: a directory or a bucket."""
    scheme = scheme_of(address, STORAGE_FIX)
    parts = urlsplit(address)
    if scheme == "file" and not parts.netloc and parts.path.startswith("/"):
        return {"BACKEND": LOCAL_FILES, "OPTIONS": {"location": unquote(parts.path)}}
    if scheme == "s3" and parts.hostname:
        return {"BACKEND": S3_FILES, "OPTIONS": bucket_options(address)}
    raise ValueError(f"names no photo store Newsroom knows. {STORAGE_FIX}")


def bucket_options(address: str) -> dict[str, Any]:
    """Return the options of a bucket; without keys the machine's own AWS credentials hold.

    Without a ``domain`` the site itself fetches the files, and the bucket may be private.
    """
    parts = urlsplit(address)
    options: dict[str, Any] = {
        "bucket_name": parts.hostname,
        "location": unquote(parts.path).strip("/"),
        "querystring_auth": False,
        "file_overwrite": False,
        "default_acl": None,
    }
    if parts.username and parts.password:
        options |= {"access_key": unquote(parts.username), "secret_key": unquote(parts.password)}
    for name, value in parse_qsl(parts.query):
        if name not in S3_PARAMETERS:
            known = ", ".join(S3_PARAMETERS)
            raise ValueError(f"has the unknown parameter {name!r}; known are {known}.")
        options[S3_PARAMETERS[name]] = value
    return options


def public_origin(store: dict[str, Any]) -> str | None:
    """Return scheme and host that serve a bucket's photos, None if this site serves them all."""
    domain: str | None = store["OPTIONS"].get("custom_domain")
    return f"https://{domain.split('/')[0]}" if domain else None


def email(address: str) -> dict[str, Any]:
    """Return the settings that send mail, by the names that Django reads."""
    if scheme_of(address, EMAIL_FIX) not in ("smtp", "smtp+tls", "smtp+ssl", "consolemail"):
        raise ValueError(f"names no mail server Newsroom knows. {EMAIL_FIX}")
    config: dict[str, Any] = Env.email_url_config(address)
    smtp = not address.startswith("consolemail:")
    if smtp and not config["EMAIL_HOST"]:
        raise ValueError(f"names no host. {EMAIL_FIX}")
    return {
        "EMAIL_BACKEND": config["EMAIL_BACKEND"],
        "EMAIL_HOST": config["EMAIL_HOST"] or "localhost",
        "EMAIL_PORT": config["EMAIL_PORT"] or 25,
        "EMAIL_HOST_USER": config["EMAIL_HOST_USER"] or "",
        "EMAIL_HOST_PASSWORD": config["EMAIL_HOST_PASSWORD"] or "",
        "EMAIL_USE_TLS": config.get("EMAIL_USE_TLS", False),
        "EMAIL_USE_SSL": config.get("EMAIL_USE_SSL", False),
    }
