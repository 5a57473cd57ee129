#!/bin/sh
# Run once by the image of PostgreSQL when it makes the primary: lets replicas follow it.
echo "host replication all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
