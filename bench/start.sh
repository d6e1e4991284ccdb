#!/usr/bin/env bash
# From a fresh clone to the demo's line "ready in N s": with empty caches of Maven and npm (cold), and in another clone
# with the caches that the first one filled (warm). Then starts of what is built, and the memory they take. Measures
# what is committed. The JDK, git and Node are there already; everything else is fetched by the cold run.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd -P)
work=$(mktemp -d)
running=''

stop() {
  if [ -n "$running" ]; then
    kill "$running" 2>/dev/null || true
    wait "$running" 2>/dev/null || true
    running=''
  fi
}
trap 'stop; rm -rf "$work"' EXIT

export MAVEN_ARGS="-Dmaven.repo.local=$work/caches/m2"
export MAVEN_USER_HOME="$work/caches/maven"
export npm_config_cache="$work/caches/npm"

now() {
  date +%s%N
}

# Prints the seconds between two readings of now.
seconds() {
  awk -v from="$1" -v to="$2" 'BEGIN { printf "%.1f", (to - from) / 1e9 }'
}

# await_ready FOLDER FROM WHAT : starts the demo of that clone and says how long after FROM it was ready.
await_ready() {
  local folder=$1 from=$2 what=$3 line=''
  "$folder/lockstep" demo --no-browser --port 3950 --data "$folder/.lockstep/demo" >"$work/out" 2>&1 &
  running=$!
  while [ -z "$line" ]; do
    if ! kill -0 "$running" 2>/dev/null; then
      cat "$work/out" >&2
      return 1
    fi
    sleep 0.05
    line=$(grep -o 'ready in [0-9.]* s' "$work/out" || true)
  done
  printf '%-28s %s s from the command (the process says: %s)\n' "$what" "$(seconds "$from" "$(now)")" "$line"
}

# Prints a field of some processes' memory, added up, in MiB.
memory() {
  local field=$1 pid total=0 kib
  shift
  for pid in "$@"; do
    kib=$(awk -v field="$field:" '$1 == field { print $2 }' "/proc/$pid/smaps_rollup" 2>/dev/null || echo 0)
    total=$((total + ${kib:-0}))
  done
  echo $((total / 1024))
}

# say_memory FOLDER : the server's and the database's memory once nothing has happened for ten seconds.
say_memory() {
  local folder=$1 postmaster processes
  [ -r "/proc/$running/smaps_rollup" ] || return 0
  sleep 10
  postmaster=$(head -n 1 "$(find "$folder/.lockstep/demo" -name postmaster.pid | head -n 1)")
  processes=$(pgrep -P "$postmaster" | tr '\n' ' ')
  echo "memory of the server          $(memory Rss "$running") MiB resident"
  # shellcheck disable=SC2086 # a list of process ids
  echo "memory of PostgreSQL          $(memory Pss "$postmaster" $processes) MiB, shared pages counted once"
}

echo "$(nproc) cores, load before $(cut -d ' ' -f 1 /proc/loadavg), commit $(git -C "$root" rev-parse --short HEAD)"
for what in cold warm; do
  from=$(now)
  git clone -q "$root" "$work/$what"
  await_ready "$work/$what" "$from" "clone to ready, $what"
  stop
done
for try in 1 2 3; do
  await_ready "$work/warm" "$(now)" "start $try of what is built"
  [ "$try" -lt 3 ] || say_memory "$work/warm"
  stop
done
