# shellcheck shell=bash
# Finds out whether Node and npm are there and new enough, and installs locked npm packages. Sourced by ./lockstep.

NODE_WANTED=20.19

# Returns 0 when Node and npm can build the pages; otherwise says what is missing and returns 1.
node_ready() {
  local version
  if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
    echo "Node $NODE_WANTED or newer and npm are needed to build the pages, and they are not on PATH." >&2
    echo "Install them from nodejs.org, or as the packages nodejs and npm." >&2
    return 1
  fi
  version=$(node -p 'process.versions.node')
  if ! node -e 'const [a,b]=process.versions.node.split(".").map(Number); process.exit(a>20||a===20&&b>=19?0:1)'; then
    echo "Node $NODE_WANTED or newer is needed to build the pages; this is $version. Install a newer one from nodejs.org." >&2
    return 1
  fi
}

# npm_ci FOLDER LOG : installs what the lock file says, unless that is what is there already. What npm remembers of a
# package may be older than a version that the lock file names, so a failure is tried once more with fresh answers.
npm_ci() {
  local folder=$1 log=$2
  [ -f "$folder/package-lock.json" ] || return 0
  if [ -f "$folder/node_modules/.package-lock.json" ] \
    && [ ! "$folder/package-lock.json" -nt "$folder/node_modules/.package-lock.json" ]; then
    return 0
  fi
  echo "  npm packages of ${folder#"$ROOT"/}"
  if ! (cd "$folder" && { npm ci --prefer-offline || npm ci --prefer-online; } >"$log" 2>&1); then
    tail -n 20 "$log" >&2
    echo "The whole log: $log" >&2
    return 1
  fi
}
