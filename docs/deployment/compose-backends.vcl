# The two web services of compose.yaml in turn. What has readers can't purge: that is done at a
# port of its own, which compose.yaml does not publish.
import directors;

probe alive {
    .url = "/health/live";
    .interval = 2s;
    .timeout = 1s;
    .window = 3;
    .threshold = 2;
}

backend web1 {
    .host = "web1";
    .port = "8000";
    .probe = alive;
}

backend web2 {
    .host = "web2";
    .port = "8000";
    .probe = alive;
}

acl purgers {
    "10.0.0.0"/8;
    "172.16.0.0"/12;
    "192.168.0.0"/16;
}

sub vcl_init {
    new newsroom = directors.round_robin();
    newsroom.add_backend(web1);
    newsroom.add_backend(web2);
}

sub vcl_recv {
    set req.backend_hint = newsroom.backend();
    if (req.method == "PURGE" && local.socket != "purge") {
        return (synth(403));
    }
}
