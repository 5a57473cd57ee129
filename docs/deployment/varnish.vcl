vcl 4.1;

# Varnish 7 with vmod xkey (Debian: varnish, varnish-modules).
import xkey;
import std;

# Where the site is and who may purge: the machines it runs on.
include "backends.vcl";

sub vcl_recv {
    if (req.method == "PURGE") {
        if (client.ip !~ purgers) {
            return (synth(403));
        }
        if (req.http.Xkey-Purge) {
            set req.http.n = xkey.purge(req.http.Xkey-Purge);
            return (synth(200, "Purged " + req.http.n));
        }
        if (req.http.Xkey-Softpurge) {
            set req.http.n = xkey.softpurge(req.http.Xkey-Softpurge);
            return (synth(200, "Softly purged " + req.http.n));
        }
        return (purge);
    }
    # While the site is well, what is stale is fetched; only without it old pages are given out.
    if (std.healthy(req.backend_hint)) {
        set req.grace = 0s;
    }
    if (req.url ~ "^/(admin|preview|health|as-of)/") {
        return (pass);
    }
    # Readers' pages are the same for all: a cookie of the desk must not part them.
    if (req.method == "GET" || req.method == "HEAD") {
        unset req.http.Cookie;
    }
}

sub vcl_backend_response {
    # How long, and how long stale, is what the site says. When the site is down, pages that
    # were purged softly or have aged are given out for as long as stale-if-error says.
    if (beresp.status >= 500 && bereq.is_bgfetch) {
        return (abandon);
    }
    if (beresp.http.Cache-Control ~ "stale-if-error=[0-9]+") {
        set beresp.grace = std.duration(
            regsub(beresp.http.Cache-Control, "^.*stale-if-error=([0-9]+).*$", "\1") + "s", 10s);
    } else {
        set beresp.grace = 0s;
    }
    # Xkey reads this header; readers don't get it.
    set beresp.http.Xkey = beresp.http.Surrogate-Key;
}

sub vcl_deliver {
    unset resp.http.Xkey;
    unset resp.http.Surrogate-Key;
    unset resp.http.X-Varnish;
    unset resp.http.Via;
}
