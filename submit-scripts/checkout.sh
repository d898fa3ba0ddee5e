# shellcheck shell=sh
# What convoy and bench have in common: they source it, with the root of the checkout in $home.

# Java opens files by the locale's character set. Where none is set (cron, slim containers) that is
# ASCII, and it could open no file with another letter in its name.
case $(locale charmap 2>/dev/null) in
  UTF-8 | utf-8 | UTF8 | utf8) ;;
  *) export LC_ALL=C.UTF-8 ;;
esac

# The application: what the build assembles, or what a release holds.
application="$home/application"
if ! [ -d "$application" ]; then application="$home/driver/target/application"; fi

# Builds the application where it is missing, or not of these sources. A release holds no sources.
build_application() {
  if [ -f "$home/pom.xml" ]; then build application "$application/complete" -pl driver; fi
}

# In URIs a path may have any character.
uris() {
  sed 's/%/%25/g; s/ /%20/g; s/#/%23/g; s/?/%3F/g; s/,/%2C/g; s|^|file://|'
}

# option_of_submit OPTION KEY VALUE: prints what CONVOY_SUBMIT_OPTIONS says of a setting of Spark's: in an option of
# its own, such as --jars, or else behind --conf, as Spark reads them, of several the last; VALUE, if they say nothing.
option_of_submit() {
  of_option= of_conf=$3 previous=
  for word in ${CONVOY_SUBMIT_OPTIONS:-}; do
    case $previous in
      "$1") of_option=$word ;;
      --conf | -c) case $word in "$2="*) of_conf=${word#*=} ;; esac ;;
      *)
        case $word in
          "$1="*) of_option=${word#*=} ;;
          "--conf=$2="*) of_conf=${word#"--conf=$2="} ;;
        esac
        ;;
    esac
    previous=$word
  done
  printf '%s' "${of_option:-$of_conf}"
}

# build NAME COMPLETE OPTION…: builds, with more options for mvn package, unless the file COMPLETE
# holds the fingerprint of the sources of NAME (application or benchmark). Of several processes one
# builds and the others wait for it.
build() {
  name=$1 complete=$2
  shift 2
  if ! is_stale; then return; fi
  command -v mvn >/dev/null || {
    echo "Cannot build Convoy: expected Maven's mvn on the PATH, found none." >&2
    exit 1
  }
  for module in "$home" "$home/data-pipeline" "$home/worker-model" "$home/driver"; do
    require_writable "$module"
  done
  mkdir -p -- "$home/driver/target"
  lock="$home/driver/target/build.lock"
  take_lock
  trap 'rm -f -- "$lock"; exit 130' INT
  trap 'rm -f -- "$lock"; exit 143' TERM HUP
  if is_stale; then run_maven "$@"; fi
  rm -f -- "$lock"
  trap - INT TERM HUP
}

is_stale() {
  ! [ -f "$complete" ] ||
    [ "$(cat -- "$complete")" != "$(sh -- "$home/submit-scripts/fingerprint" "$name")" ]
}

require_writable() {
  directory="$1/target"
  if ! [ -e "$directory" ]; then directory=$1; fi
  if ! [ -w "$directory" ]; then
    echo "Cannot build Convoy: expected a checkout that you may write to, found $directory, to which" \
      "you may not; and what is built there is missing, or not of these sources. Have its owner run" \
      "submit-scripts/convoy once." >&2
    exit 1
  fi
}

# The lock is a symbolic link, because a link is made at once with what it says: who builds.
take_lock() {
  waiting=false
  while ! ln -s "$(uname -n):$$" "$lock" 2>/dev/null; do
    owner=$(readlink "$lock" || true)
    if is_dead "$owner"; then
      drop_lock_of "$owner"
    elif [ "$waiting" = false ] && [ -n "$owner" ]; then
      waiting=true
      echo "waiting for process ${owner##*:} on ${owner%:*}, which builds Convoy (if it does not," \
        "remove $lock)" >&2
    fi
    if [ -n "$owner" ]; then sleep 1; fi
  done
}

# Whether a process of this machine has ended; of others nobody knows.
is_dead() {
  [ "${1%:*}" = "$(uname -n)" ] && ! kill -0 "${1##*:}" 2>/dev/null &&
    ! [ -d "/proc/${1##*:}" ] && ! ps -p "${1##*:}" >/dev/null 2>&1
}

# One process at a time, so that none drops the lock that another has just taken.
drop_lock_of() {
  if mkdir -- "$lock.dropped" 2>/dev/null; then
    if [ "$(readlink "$lock" || true)" = "$1" ]; then rm -f -- "$lock"; fi
    rmdir -- "$lock.dropped"
  fi
}

run_maven() {
  log="$home/driver/target/build.log"
  printf '%s' "building Convoy, which the first time takes some minutes " >&2
  (cd -- "$home" && exec mvn -B -ntp -DskipTests -Dspotless.check.skip=true package -am "$@") \
    >"$log" 2>&1 &
  maven=$!
  trap 'kill "$maven"; rm -f -- "$lock"; exit 130' INT
  trap 'kill "$maven"; rm -f -- "$lock"; exit 143' TERM HUP
  while kill -0 "$maven" 2>/dev/null; do
    sleep 1
    printf . >&2
  done
  echo >&2
  wait "$maven" || {
    rm -f -- "$lock"
    # Without a Java, or when it is killed, Maven ends without a line that says ERROR.
    grep -m 5 ERROR "$log" >&2 || tail -n 5 "$log" >&2
    echo "Cannot build Convoy: expected mvn package to succeed; the whole log is $log" >&2
    exit 1
  }
}

# Older ones cannot read the classes. Every JDK says in a file which it is.
require_java_17() {
  file=$(readlink -f "$(command -v "$java")" || true)
  version=$(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "${file%/bin/java}/release" 2>/dev/null || true)
  case ${version%%[.+-]*} in
    [1-9] | 1[0-6])
      echo "Cannot start Convoy: expected a JDK 17 (java on the PATH, or JAVA_HOME), found Java $version" \
        "($file)." >&2
      exit 1
      ;;
  esac
}

# find_java [OPTIONS]: sets $java to a Java, $java_options to what every JVM of Convoy's needs, and
# $users_options to what the user has it start with besides, OPTIONS among it.
find_java() {
  if [ -n "${JAVA_HOME:-}" ]; then java="$JAVA_HOME/bin/java"; else java=java; fi
  command -v "$java" >/dev/null || {
    echo "Cannot start Convoy: expected a JDK 17 (java on the PATH, or JAVA_HOME), found none." >&2
    exit 1
  }
  require_java_17
  # One OpenMP thread unless a worker asks for more: two replicas with one thread each are faster
  # than one replica with two, and idle threads spin.
  export OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}"
  java_options="-Djdk.reflect.useDirectMethodHandle=false
    -Dorg.bytedeco.javacpp.maxbytes=0 -Dorg.bytedeco.javacpp.maxphysicalbytes=0"
  users_options="${1:-} ${CONVOY_JAVA_OPTIONS:-} ${JAVA_TOOL_OPTIONS:-} ${JDK_JAVA_OPTIONS:-}"
  # Java starts with one collector alone.
  case $users_options in
    *+UseSerialGC* | *+UseParallelGC* | *+UseG1GC* | *+UseZGC* | *+UseShenandoahGC*) ;;
    *) java_options="-XX:+UseParallelGC $java_options" ;;
  esac
  # The heap is in pages of 2 MB where the kernel gives such: pictures pass through it, and every new
  # page of 4 KB is waited for.
  kernel=/sys/kernel/mm/transparent_hugepage
  pages=$(cat $kernel/hpage_pmd_size $kernel/enabled 2>/dev/null || echo '[never]')
  case "$pages $users_options" in
    *'[never]'* | *HugePages* | *LargePages*) ;;
    2097152*) java_options="$java_options -XX:+UseTransparentHugePages" ;;
  esac
  for package in java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util \
    java.util.concurrent java.util.concurrent.atomic sun.nio.ch sun.nio.cs sun.security.action \
    sun.util.calendar; do
    java_options="$java_options --add-opens=java.base/$package=ALL-UNNAMED"
  done
}

# Whether an agent or a recording looks at every class when it is loaded. Java 17 crashes where one
# that is mapped is in its jar for later versions of Java alone, as one of log4j's is.
is_watched() {
  case $users_options in
    *-javaagent:* | *-agentpath:* | *-agentlib:* | *FlightRecord*) true ;;
    *) false ;;
  esac
}

# Becomes the application, which $application is the directory of, in a Java of its own.
start_application() {
  find_java
  # Classes that are mapped from there need not be read and checked. Java ignores an archive that is
  # not of this Java and these jars.
  archive="$application/classes.jsa"
  sharing=
  if [ -f "$archive" ] && ! is_watched; then
    sharing='"-XX:SharedArchiveFile=$archive" -Xlog:cds=off -Xlog:cds+dynamic=off'
  fi

  # local-cluster starts its executors from here.
  export SPARK_HOME="${SPARK_HOME:-$application}" SPARK_SCALA_VERSION=2.12

  classpath="$application/convoy.jar:$application/lib/*:$application/jars/*${CONVOY_CLASS_PATH:+:$CONVOY_CLASS_PATH}"
  # A closed descriptor would be that of the first file which Java opens. One for reading alone stands
  # for a closed output, so that writing there fails as before.
  true 3>&2 || exec 2>/dev/null
  { true 3<&0; } 2>/dev/null || exec </dev/null
  { true 3>&1; } 2>/dev/null || exec 1</dev/null

  # Read again by the shell, so that quotes in the user's options keep a space.
  eval "exec \"\$java\" \$java_options $sharing -Dconvoy.terminal=\$terminal \
    \"-Dconvoy.application=\$application\" ${CONVOY_JAVA_OPTIONS:-} -cp \"\$classpath\" \
    dev.convoy.driver.Convoy \"\$@\""
}
