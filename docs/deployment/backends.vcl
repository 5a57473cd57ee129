# One site on this machine, purged from this machine. compose-backends.vcl is for several.
backend newsroom {
    .host = "127.0.0.1";
    .port = "8000";
    .probe = {
        .url = "/health/live";
        .interval = 2s;
        .timeout = 1s;
        .window = 3;
        .threshold = 2;
    }
}

acl purgers {
    "127.0.0.1";
    "::1";
}
