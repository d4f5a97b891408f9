#!/bin/bash
# Stands for ssh between the hosts of hosts.ts: agent.sh [options] ADDRESS COMMAND…, with the beginning of the hosts' names in TIDU_HOSTS.
while [[ $1 == -* ]]; do shift; done
case $1 in 10.77.0.1) name=${TIDU_HOSTS}a ;; 10.77.0.2) name=${TIDU_HOSTS}b ;; *) echo "agent: unknown host $1" >&2; exit 1 ;; esac
shift
exec ip netns exec "$name" unshare --uts bash -c "hostname $name; $*"
