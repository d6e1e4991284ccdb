# shellcheck shell=bash
# ./lockstep prove: long proofs and measurements that are no part of the ordinary test run. Sourced by ./lockstep.

# One per line: name | where | what runs | what it shows. Where is a module (then what runs is a test class and
# options for Maven), "bench" (a main class of bench/ and its arguments), "mutation" or "script" (a path and its arguments).
proofs() {
  cat <<'EOF'
crowd | double | CrowdTest -Dlockstep.crowd.users=1000000 | a million users in the double: made, listed, tailed, each page for the price of a page
convergence | sync | ConvergenceTest -Dlockstep.convergence.events=200000 | a stream with repetitions, stragglers and losses ends as WorkOS is
lost | sync | ThreeDaysWithoutWebhooksTest -Dlockstep.lost.verbs=500 | three days without a webhook: the Events tail alone, or one comparison alone, brings everything back
race | spring-boot-starter | RefreshRaceTest -Dlockstep.race.rounds=1000 | a hundred requests on two nodes with one expired cookie: one call to WorkOS, nobody signed out
revocation | server | RevocationTest -Drevocation.trials=10000 | from the commit of what ends a session to 401 and to a closed socket, on two nodes, ten thousand times
tabs | server | SleepingTabTest,OfflineTabTest -Dtabs.seconds=60 | in a real browser: a tab asleep for a minute is current within a second of waking, what is typed without a network for a minute is carried out in order and once
fuzz | session,workos,live | *FuzzTest -Dlockstep.fuzz.seconds=3600 -Dlockstep.fuzz.seed=0 | an hour of Jazzer for each parser that strangers reach: cookies, states, tokens, return paths, webhooks, frames and arguments
kill | sync | KillProofTest -Dlockstep.kill.each=100 -Dlockstep.kill.random=500 | a node killed at ten named points and anywhere: nothing acknowledged is lost, nothing happens twice
backfill-kill | sync | BackfillKillProofTest -Dlockstep.backfill.kills=100 | a backfill killed as a process while it reads, a hundred times: at most a page a lane is read again, nothing differs
crash | sync | PostgresCrashProofTest -Dlockstep.crash.times=100 | PostgreSQL killed under load: nothing acknowledged is lost, nothing happens twice
nodes | sync | ManyNodesProofTest -Dlockstep.nodes.events=200000 | two and five nodes on one inbox: nothing is claimed twice
live | spring-boot-starter | LiveProofTest -Dlockstep.live.seconds=3600 | an hour of random writes and pages over two nodes that break and are cut off: every view is a state of one serial history
replay | live | ReplayProofTest -Dlockstep.replay.mutations=100000 | a hundred thousand mutations while connections break three times in ten: each once and in order
mutation | mutation | session webhook starter | small faults put into the session library, the webhook doors and the starter's guards: how many a test notices
start | script | bench/start.sh | clone to ready, cold and warm; start-up time; memory after the start
sessions | bench | dev.lockstep.bench.SessionChecks | session checks per second through HTTP, next to an endpoint without a session and to an Express service with the same check
webhooks | bench | dev.lockstep.bench.WebhookAcks | acknowledged signed webhooks per second, and when all of them are applied
poison | bench | dev.lockstep.bench.PoisonLag | how long events wait while one of a hundred fails, next to the same load without
drain | bench | dev.lockstep.bench.BacklogDrain | a backlog of a million events: how fast the whole server applies it, and in how much memory
backfill | bench | dev.lockstep.bench.SnapshotRows | rows a second of a backfill from the bytes of an answer to the commit, and the heap meanwhile
push | bench | dev.lockstep.bench.LivePush | from a commit to 100 open sockets
sockets | bench | dev.lockstep.bench.LiveCrowd | 10,000 sockets: memory of each, one row for all, a row for each, and their return after a kill
mutations | bench | dev.lockstep.bench.MutationRate | durable mutations a second next to the same writes by bare JDBC
invalidation | bench | dev.lockstep.bench.InvalidationCost | what a changed row costs while 1,000 to 100,000 answers are kept
session-cost | bench | dev.lockstep.bench.SessionCost | what one session check costs in the library alone, time and bytes, next to the Node packages of WorkOS
EOF
}

list_proofs() {
  local found
  found=$(proofs | awk -F ' *[|] *' 'NF >= 4 { printf "  %-14s %s\n", $1, $4 }')
  if [ -n "$found" ]; then
    printf 'Proofs and measurements:\n%s\n' "$found"
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
  case $module in
    script)
      # shellcheck disable=SC2086 # a path and its arguments
      bash "$ROOT"/$class "$@"
      ;;
    mutation)
      # shellcheck disable=SC2086 # the rooms' names
      mutate ${*:-$class}
      ;;
    bench)
      measure "$name" "$class" "$@"
      ;;
    *)
      echo "Proving $name: $class in $module"
      # shellcheck disable=SC2086 # a class and its options
      maven "$OUT/prove-$name.log" -pl "$module" -am verify -Dtest=$class \
        -Dsurefire.failIfNoSpecifiedTests=false -Dspotless.check.skip "$@" || return 1
      grep -E '^[a-z]+ proof: |Tests run:.*Time elapsed' "$OUT/prove-$name.log"
      ;;
  esac
}

# measure NAME "MAIN ARGUMENT..." ARGUMENT... : builds bench/ and runs one of its programs.
measure() {
  local name=$1 main=$2
  shift 2
  node_ready || return 2
  echo "Building what '$name' measures"
  maven "$OUT/prove-$name.log" -pl bench -am package -Dmaven.test.skip=true -Dspotless.check.skip || return 1
  touch "$(built_jar)"
  # shellcheck disable=SC2086 # a class and its arguments
  "$JAVA_HOME/bin/java" -cp "$ROOT/bench/target/classes:$(cat "$ROOT/bench/target/classpath")" $main "$@"
}

# mutate ROOM... : puts faults into the rooms' classes, one after the other, and asks their tests. Fails below 85 %.
mutate() {
  local room module classes tests failed=0
  for room in "$@"; do
    case $room in
      session)
        module=session classes='dev.lockstep.session.*' tests='dev.lockstep.session.*'
        ;;
      webhook)
        module=workos classes='dev.lockstep.workos.webhook.*' tests='dev.lockstep.workos.webhook.*'
        ;;
      starter)
        module=spring-boot-starter
        classes=$(printf 'dev.lockstep.starter.web.%s*,' CallerArgument ClientAddress CsrfInterceptor LoginWish \
          MachineCallers NoStore OpenSession Problem RateLimits RequestCaller RightsInterceptor SessionCookieWriter \
          SessionFilter SessionGuards SessionMoves WebhookMouth)'dev.lockstep.starter.ConfigurationCheck,dev.lockstep.starter.SessionCheck'
        tests='dev.lockstep.starter.web.*,dev.lockstep.starter.ConfigurationCheckTest'
        ;;
      *)
        echo "There is no room '$room' for mutations: session, webhook or starter." >&2
        return 2
        ;;
    esac
    echo "Mutating $room"
    maven "$OUT/prove-mutation-$room.log" -Pmutation -pl "$module" -am -Dspotless.check.skip test-compile \
      org.pitest:pitest-maven:mutationCoverage "-DtargetClasses=$classes" "-DtargetTests=$tests" || failed=1
    grep -E '^>> (Line Coverage|Generated [0-9]+ mutations|Mutations with no coverage)' "$OUT/prove-mutation-$room.log" || true
  done
  return "$failed"
}
