# shellcheck shell=bash
# ./lockstep prove: long proofs that are no part of the ordinary test run. Sourced by ./lockstep.

# One proof per line: name | module | test class (tagged "proof") | what it shows.
proofs() {
  cat <<'EOF'
EOF
}

list_proofs() {
  local found
  found=$(proofs | awk -F ' *[|] *' 'NF >= 4 { printf "  %-14s %s\n", $1, $4 }')
  if [ -n "$found" ]; then
    printf 'Proofs:\n%s\n' "$found"
  else
    echo "There is no long proof yet. Add one as a line of proofs() in build/launcher/prove.sh."
  fi
}

prove() {
  local name=${1:-} line module class
  line=$(proofs | awk -F ' *[|] *' -v wanted="$name" 'wanted != "" && $1 == wanted')
  if [ -z "$line" ]; then
    [ -z "$name" ] || echo "There is no proof named '$name'." >&2
    list_proofs
    [ -z "$name" ] && return 0
    return 2
  fi
  shift
  module=$(printf '%s\n' "$line" | awk -F ' *[|] *' '{ print $2 }')
  class=$(printf '%s\n' "$line" | awk -F ' *[|] *' '{ print $3 }')
  echo "Proving $name: $class in $module"
  maven "$OUT/prove-$name.log" -pl "$module" -am verify -Dgroups=proof "-Dtest=$class" \
    -Dsurefire.failIfNoSpecifiedTests=false -Dspotless.check.skip "$@" || return 1
  grep -E 'Tests run:.*Time elapsed' "$OUT/prove-$name.log"
}
