# shellcheck shell=bash
# Runs Maven with a short progress line per module and the whole log in a file. Sourced by ./lockstep.

# Picks the wrapper, or a Maven from PATH when the wrapper cannot fetch its own.
maven_program() {
  if "$ROOT/mvnw" -v >/dev/null 2>&1; then
    printf '%s\n' "$ROOT/mvnw"
  elif command -v mvn >/dev/null 2>&1; then
    command -v mvn
  else
    return 1
  fi
}

# Prints lines such as "7/18 store" out of Maven's log; on a terminal they replace each other. Not awk: mawk reads in blocks.
maven_progress() {
  local terminal=$1 line step name
  while IFS= read -r line; do
    case $line in
      '[INFO] Building '*' ['*/*']')
        step=${line##*[}
        name=${line#'[INFO] Building '}
        name=${name%% [0-9]*}
        if [ -n "$terminal" ]; then
          printf '\r\033[K  %-6s %s' "${step%]}" "$name"
        else
          printf '  %-6s %s\n' "${step%]}" "$name"
        fi
        ;;
    esac
  done
  [ -z "$terminal" ] || printf '\r\033[K'
}

# maven LOG ARGUMENT... : runs Maven in the repository; gives its exit code. On failure the errors are printed.
maven() {
  local log=$1 program code terminal=''
  shift
  mkdir -p "$(dirname "$log")"
  program=$(maven_program) || {
    echo "Maven could not be fetched and there is none on PATH. Connect to the network once, or install the package maven." >&2
    return 2
  }
  [ -t 1 ] && terminal=1
  set +e
  (cd "$ROOT" && "$program" -B -ntp "$@" 2>&1) | tee "$log" | maven_progress "$terminal"
  code=${PIPESTATUS[0]}
  set -e
  if [ "$code" -ne 0 ]; then
    grep -E '^\[ERROR\]|^\[WARNING\] .*\.java:\[' "$log" | grep -v -E '^\[ERROR\] *$|-> \[Help|re-run Maven|For more information|\[Help 1\]' | head -n 40 >&2 || true
    echo "The whole log: $log" >&2
  fi
  return "$code"
}
