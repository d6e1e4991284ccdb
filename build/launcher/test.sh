# shellcheck shell=bash
# ./lockstep test: repository checks, the web part's own checks, then every Java module. Sourced by ./lockstep.

# Prints the path of a Chromium, or nothing.
find_chromium() {
  local name
  if [ -n "${LOCKSTEP_CHROMIUM:-}" ]; then
    if [ -x "$LOCKSTEP_CHROMIUM" ]; then
      printf '%s\n' "$LOCKSTEP_CHROMIUM"
    else
      echo "LOCKSTEP_CHROMIUM names no program that can be run: $LOCKSTEP_CHROMIUM" >&2
    fi
    return 0
  fi
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null 2>&1; then
      command -v "$name"
      return 0
    fi
  done
  for name in "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
    "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
    if [ -x "$name" ]; then
      printf '%s\n' "$name"
      return 0
    fi
  done
}

box() {
  printf '\n%s\n' '****************************************************************************'
  printf '*  %-72s*\n' "$@"
  printf '%s\n\n' '****************************************************************************'
}

# Lint, types and unit tests of the web part. Writes the test results where the summary finds them.
web_checks() {
  local web=$ROOT/web step
  [ -f "$web/package.json" ] || return 0
  npm_ci "$web" "$OUT/npm-web.log" || return 1
  for step in lint types; do
    echo "  web: $step"
    if ! (cd "$web" && npm run --silent "$step" >"$OUT/web-$step.log" 2>&1); then
      tail -n 40 "$OUT/web-$step.log" >&2
      return 1
    fi
  done
  echo "  web: test"
  if ! (cd "$web" && npm run --silent test -- --reporter=default --reporter=junit \
    "--outputFile.junit=$OUT/web-tests.xml" >"$OUT/web-test.log" 2>&1); then
    tail -n 60 "$OUT/web-test.log" >&2
    return 1
  fi
}

run_tests() {
  local chromium failed=0 began=$SECONDS browser=()
  mkdir -p "$OUT"
  rm -f "$OUT/web-tests.xml"
  find "$ROOT" -type d -name node_modules -prune -o -type d -name surefire-reports -print | while IFS= read -r old; do
    rm -rf "$old"
  done

  echo "Repository checks"
  node "$ROOT/build/check.mjs" || failed=1

  echo "Web"
  npm_ci "$ROOT/testing/clients" "$OUT/npm-clients.log" || failed=1
  npm_ci "$ROOT/testing/nextjs" "$OUT/npm-nextjs.log" || failed=1
  web_checks || failed=1

  chromium=$(find_chromium)
  if [ -n "$chromium" ]; then
    echo "Java, with the browser tests in $chromium"
    browser=("-Dlockstep.test.chromium=$chromium")
  else
    echo "Java, without the browser tests"
  fi
  # A failing test does not keep later modules from running: the summary reads every report and fails the run. A test
  # that fails is run once more; the summary names each that passed only then.
  maven "$OUT/test.log" verify -fae -DexcludedGroups=proof -Dapi.types=check -Dmaven.test.failure.ignore=true \
    -Dsurefire.rerunFailingTestsCount=1 ${browser[@]+"${browser[@]}"} "$@" || failed=1
  # What is ignored above must be no more than failing tests.
  if grep -E 'The forked VM terminated|error in the forked process' "$OUT/test.log" >&2; then failed=1; fi

  if [ -z "$chromium" ]; then
    box "THE BROWSER TESTS WERE LEFT OUT: no Chromium was found." \
      "Install the package chromium, or set LOCKSTEP_CHROMIUM to its program."
  fi
  echo "Everything took $((SECONDS - began)) s."
  # The summary fails too when a report says so, or when there is no report at all.
  node "$ROOT/build/summary.mjs" "$ROOT" "$failed"
}
