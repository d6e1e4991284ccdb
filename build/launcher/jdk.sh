# shellcheck shell=bash
# Finds a JDK of 21 or newer, preferring 25. Sourced by ./lockstep and .ci/run; sets JAVA_HOME and JDK_MAJOR.

# Prints the major version of the JDK in a folder, or nothing when there is no compiler in it.
jdk_major() {
  [ -x "$1/bin/javac" ] && [ -x "$1/bin/java" ] || return 0
  if [ -r "$1/release" ]; then
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
  else
    "$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p'
  fi
}

# The folder of the java on PATH, links followed.
jdk_on_path() {
  local found link
  found=$(command -v javac 2>/dev/null) || return 0
  while [ -L "$found" ]; do
    link=$(readlink "$found")
    case $link in
      /*) found=$link ;;
      *) found=$(dirname "$found")/$link ;;
    esac
  done
  (cd "$(dirname "$found")/.." && pwd -P)
}

# Every place where a JDK may be, most wanted first, one folder per line.
jdk_candidates() {
  [ -z "${JAVA_HOME:-}" ] || printf '%s\n' "$JAVA_HOME"
  jdk_on_path
  local folder
  for folder in /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* /opt/java/* /opt/jdk* \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -d "$folder" ] && printf '%s\n' "$folder"
  done
  if [ -x /usr/libexec/java_home ]; then
    /usr/libexec/java_home -v 25 2>/dev/null || true
    /usr/libexec/java_home -v 21+ 2>/dev/null || true
  fi
}

# Sets JAVA_HOME and JDK_MAJOR to the best JDK; returns 1 when there is none. A 25 wins, then the newest.
find_jdk() {
  local folder major best='' best_major=0
  while IFS= read -r folder; do
    major=$(jdk_major "$folder")
    [ -n "$major" ] && [ "$major" -ge 21 ] || continue
    if [ "$major" -eq 25 ] && [ "$best_major" -ne 25 ]; then
      best=$folder best_major=25
    elif [ "$best_major" -ne 25 ] && [ "$major" -gt "$best_major" ]; then
      best=$folder best_major=$major
    fi
  done <<EOF
$(jdk_candidates)
EOF
  [ -n "$best" ] || return 1
  JAVA_HOME=$best
  JDK_MAJOR=$best_major
  export JAVA_HOME JDK_MAJOR
}

# Says which package brings a JDK on this system.
jdk_advice() {
  if command -v apt-get >/dev/null 2>&1; then
    echo "On Debian or Ubuntu:  sudo apt-get install openjdk-25-jdk   (or openjdk-21-jdk; older releases have Temurin from adoptium.net)"
  elif command -v dnf >/dev/null 2>&1; then
    echo "On Fedora or RHEL:  sudo dnf install java-25-openjdk-devel   (or java-21-openjdk-devel)"
  elif command -v brew >/dev/null 2>&1; then
    echo "On a Mac:  brew install openjdk"
  else
    echo "Install Temurin 25 from adoptium.net, or any JDK of 21 or newer."
  fi
}
