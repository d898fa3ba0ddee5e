# shellcheck shell=sh
# What submit-yarn, submit-standalone and submit-k8s have in common: they source it, with the root of
# the checkout in $home and functions `ship CONF` and `ship_gpus`, see below, and call `submit`. Lines key=value in
# $own are settings that the file of settings wins over.
#
#   [--dry-run] [--client | --cluster] [--gpus N] COMMAND [CONF] [key.path=value …]
#   --help
#
#   --dry-run              print the command instead of giving it
#   --client, --cluster    where the driver is: in this process, or in the cluster
#   --gpus N               GPUs of an executor, each for a worker of its own
#   COMMAND …              what convoy would be given
#
#   SPARK_HOME             a Spark 3.5 with bin/spark-submit; or SPARK_SUBMIT, the command itself
#   CONVOY_SUBMIT_OPTIONS  more options of spark-submit, which win over all others; jars, class paths and Java's
#                          options are added to Convoy's
#   CONVOY_SETTINGS        a file of Spark's settings in place of conf/MANAGER.properties
#   CONVOY_URI             where the cluster finds a copy of the application (convoy.jar, and lib with
#                          jars), such as hdfs:///apps/convoy; else it is uploaded with every run
#                          (not for Kubernetes, whose image has it)

# Prints what the comments at the beginning of the script and of this file say.
case ${1:-} in
  -h | --help)
    # shellcheck disable=SC2154
    sed -n '/^[^#]/q; /^#!/d; s/^# \{0,1\}//p' "$self"
    echo
    sed -n '/^#   --dry-run/,/^$/s/^# \{0,1\}//p' "$home/submit-scripts/submit.sh"
    exit
    ;;
esac

# shellcheck source=submit-scripts/checkout.sh
. "$home/submit-scripts/checkout.sh"

# What scripts may set: never the user's variables of these names.
jar= own= in_cluster= both_options= leftover= executors_path= drivers_path=

# submit MANAGER MODE MASTER ARGUMENT…: MANAGER names the settings, MODE is where the driver usually is.
submit() {
  manager=$1 mode=$2 master=$3 dry_run=false gpus=
  shift 3
  while [ $# -gt 0 ]; do
    case $1 in
      --dry-run) dry_run=true ;;
      --client | --cluster) mode=${1#--} ;;
      --gpus=*) gpus=${1#--gpus=} ;;
      --gpus)
        gpus=${2:-nothing}
        if [ $# -gt 1 ]; then shift; fi
        ;;
      -*) refuse "expected --dry-run, --client, --cluster, --gpus N or a command such as train, found $1" ;;
      *) break ;;
    esac
    shift
  done
  case $gpus in *[!0-9]* | 0*) refuse "--gpus: expected how many GPUs an executor has, from 1 on, found $gpus" ;; esac
  if [ $# -eq 0 ]; then refuse "expected a command, such as train my.conf, found none"; fi
  settings="${CONVOY_SETTINGS:-$home/conf/$manager.properties}"
  if ! [ -r "$settings" ]; then refuse "expected Spark's settings in $settings, found no such file"; fi
  spark_submit="${SPARK_SUBMIT:-${SPARK_HOME:+$SPARK_HOME/bin/spark-submit}}"
  if [ -z "$spark_submit" ]; then
    refuse "expected a Spark 3.5 in SPARK_HOME, or its spark-submit in SPARK_SUBMIT, found neither"
  fi
  warn_of_secrets
  build_application
  sizes=
  case $1 in
    train | search | ensemble | check | prepare) find_sizes "$@" ;;
  esac
  case $1 in
    # Not that of an experiment that is also tried on one machine.
    train | search | ensemble | check | prepare | evaluate | show) set -- "$@" spark.master=null ;;
  esac
  find_jars
  shipped=
  if [ "$mode" = cluster ]; then find_experiment "$@"; else experiment=; fi
  if [ -n "$experiment" ]; then
    ship "$experiment"
    count=$#
    while [ "$count" -gt 0 ]; do
      # shellcheck disable=SC2154
      if [ "$1" = "$experiment" ]; then set -- "$@" "$configuration"; else set -- "$@" "$1"; fi
      shift
      count=$((count - 1))
    done
  fi
  if [ -n "$gpus" ]; then
    ship_gpus
    shipped="$shipped
spark.executor.resource.gpu.amount=$gpus"
    if [ -z "$(said spark.task.resource.gpu.amount)" ]; then
      shipped="$shipped
spark.task.resource.gpu.amount=1"
    fi
  fi

  given=$#
  set -- "$@" --master "$master" --deploy-mode "$mode"
  default_options=$(said spark.driver.defaultJavaOptions)
  more_options=$(said spark.driver.extraJavaOptions --driver-java-options)
  find_java "$default_options $more_options"
  # shellcheck disable=SC2086,SC2154
  options=$(printf '%s ' $java_options)
  if [ "$mode" = cluster ]; then
    # A driver that is started anew waits for the lock of the one that was lost.
    options="$options-Dconvoy.lock-wait=180 "
    # shellcheck disable=SC2086
    set -- "$@" ${in_cluster:-}
  fi
  options="$options$default_options"
  while IFS= read -r setting; do
    case $setting in '' | '#'*) ;; *) set -- "$@" --conf "$setting" ;; esac
  done <<LINES
${own:-}
$(as_spark_reads_it "$settings")
$sizes
$shipped
LINES
  # shellcheck disable=SC2086
  set -- "$@" ${CONVOY_SUBMIT_OPTIONS:-} --class dev.convoy.driver.Convoy
  # What is made of Convoy's and the user's stands behind the user's.
  if [ -n "$both_options" ]; then
    set -- "$@" --driver-java-options "$options${more_options:+ $more_options}"
    if [ -n "$default_options" ]; then set -- "$@" --conf spark.driver.defaultJavaOptions=; fi # they are among these
  else
    set -- "$@" --conf "spark.driver.defaultJavaOptions=${options% }"
  fi
  if [ -n "$executors_path" ]; then
    set -- "$@" --conf "spark.executor.extraClassPath=$(joined "$executors_path" : spark.executor.extraClassPath)"
  fi
  if [ -n "$drivers_path" ]; then
    set -- "$@" --driver-class-path "$(joined "$drivers_path" : spark.driver.extraClassPath --driver-class-path)"
  fi
  if [ -n "$jars" ]; then set -- "$@" --jars "$(joined "$jars" , spark.jars --jars)"; fi
  set -- "$@" "$jar"
  # What convoy is given stands at the end.
  while [ "$given" -gt 0 ]; do
    set -- "$@" "$1"
    shift
    given=$((given - 1))
  done
  if [ "$dry_run" = true ]; then
    show "$spark_submit" "$@"
  elif [ -n "${leftover:-}" ]; then
    "$spark_submit" "$@"
  else
    exec "$spark_submit" "$@"
  fi
}

# as_spark_reads_it FILE: lines key=value, as Java reads them; behind --conf each blank would count.
as_spark_reads_it() {
  tr -d '\r' <"$1" | sed 's/^[[:space:]]*//; s/[[:space:]]*$//; s/[[:space:]]*=[[:space:]]*/=/'
}

# said KEY [OPTION]: prints what the user says of a setting: in CONVOY_SUBMIT_OPTIONS, or else in the file of settings.
said() {
  option_of_submit "${2:-none}" "$1" "$(as_spark_reads_it "$settings" | sed -n "s/^$1=//p" | tail -n 1)"
}

# joined OWN SIGN KEY [OPTION]: prints Convoy's value of a list, and behind it what the user says.
joined() {
  users=$(said "$3" "${4:-}")
  printf '%s' "$1${users:+$2$users}"
}

refuse() {
  echo "Cannot submit: $1." >&2
  exit 2
}

# ship CONF brings a local file to a driver in the cluster: it sets $configuration, its name there, and
# $shipped, lines key=value that bring it.

# ship_gpus adds to $shipped how an executor finds the GPUs that it was given.

# find_sizes COMMAND ARGUMENT…: sets $sizes to what the run's network takes, as settings. A mistake in the
# configuration is told here, and not by the cluster. A directory to go on with may be seen by the cluster alone.
find_sizes() {
  case " $* " in
    *" --status"*) ;;
    *" --resume"* | *" --search"*)
      sizes=$(sizes_of "$@") ||
        echo "note: executors and memory are not computed; CONVOY_SETTINGS and CONVOY_SUBMIT_OPTIONS may say them" >&2
      ;;
    *) sizes=$(sizes_of "$@") ;;
  esac
}

sizes_of() {
  # shellcheck disable=SC2034
  terminal=false
  # What counts for sizes stands also in options of spark-submit.
  for pair in spark.executor.cores:--executor-cores spark.task.cpus:none spark.executor.instances:--num-executors \
    spark.dynamicAllocation.enabled:none spark.executor.resource.gpu.amount:none spark.task.resource.gpu.amount:none \
    spark.executor.memory:--executor-memory spark.executor.memoryOverhead:none \
    spark.driver.memory:--driver-memory spark.driver.memoryOverhead:none; do
    value=$(option_of_submit "${pair#*:}" "${pair%:*}" '')
    if [ -n "$value" ]; then set -- "$@" "spark.conf.${pair%:*}=\"$value\""; fi
  done
  (CONVOY_CLASS_PATH="${CONVOY_CLASS_PATH:-}${HADOOP_CONF_DIR:+:$HADOOP_CONF_DIR}" &&
    start_application resources "$@" "spark.master=\"$master\"" \
      ${gpus:+"spark.conf.spark.executor.resource.gpu.amount=$gpus"} \
      --settings "$settings" --as-settings)
}

# find_experiment COMMAND ARGUMENT…: sets $experiment to CONF, where that is a file of this machine. Every option of
# a command but --overwrite has a value, behind = or as the next argument.
find_experiment() {
  experiment= previous=
  case $1 in
    predict) return ;; # has none
    evaluate) before=2 ;; # the model, too
    *) before=1 ;;
  esac
  for argument in "$@"; do
    case $previous in
      --overwrite | *=*) value=false ;;
      -*) value=true ;;
      *) value=false ;;
    esac
    previous=$argument
    case $value$argument in
      true* | false-*) ;;
      *)
        if [ "$before" -eq 0 ]; then
          if [ -f "$argument" ]; then experiment=$argument; fi
          return
        fi
        before=$((before - 1))
        ;;
    esac
  done
}

# find_included CONF: sets $included to the names of the files beside it that it includes, and that these include.
find_included() {
  included=
  pending=$(included_by "$1")
  while [ -n "$pending" ]; do
    following=
    for name in $pending; do
      case " $included " in *" $name "*) continue ;; esac
      included="$included${included:+ }$name"
      following="$following$(included_by "$(dirname "$1")/$name") "
    done
    pending=$following
  done
}

included_by() {
  sed -n 's/^[^#]*include[ (a-z]*"\([^"]*\)".*/\1/p' "$1" | while IFS= read -r name; do
    case $name in
      *:/*) continue ;; # on a Hadoop file system
      */* | *[!A-Za-z0-9._-]*)
        refuse "expected that $1 includes files beside it, with names of A to Z, a to z, 0 to 9, ., _ and -, \
found $name"
        ;;
    esac
    for ending in '' .conf .json .properties; do
      if [ -f "$(dirname "$1")/$name$ending" ]; then echo "$name$ending"; fi
    done
  done
}

# Sets $jar and $jars, unless the application is in the cluster's image.
find_jars() {
  if [ -n "${jar:-}" ]; then
    jars=
  elif [ -n "${CONVOY_URI:-}" ]; then
    jar="$CONVOY_URI/convoy.jar" jars="$CONVOY_URI/lib/*.jar"
  else
    # shellcheck disable=SC2154
    jar=$(printf '%s\n' "$application/convoy.jar" | uris)
    jars=$(find "$application/lib" -name '*.jar' | LC_ALL=C sort | uris | paste -s -d , -)
  fi
}

# Prints a command as a shell reads it, an option on every line.
show() {
  quoted "$1"
  shift
  for argument in "$@"; do
    case $argument in --*) printf ' \\\n ' ;; esac
    printf ' '
    if is_secret "${argument#--conf=}"; then argument="${argument%%=*}=..."; fi
    quoted "$argument"
  done
  echo
}

# is_secret SETTING: whether key=value says a secret, by its key, and not where one is.
is_secret() {
  if [ -z "${1#*=}" ] || [ "${1#*=}" = "$1" ]; then return 1; fi
  case $(printf '%s' "${1%%=*}" | tr '[:upper:]' '[:lower:]') in
    *.secrets.* | *.secretkeyref.* | *file | *bitlength) false ;;
    spark.*secret* | spark.*password* | spark.*passphrase* | spark.*token* | spark.*access[._-]key* | \
      spark.*accesskey* | spark.*account.key* | spark.*.sas.* | spark.*private*key*) true ;;
    *) false ;;
  esac
}

# Tells which settings of the file all users of this machine see, in the list of its processes.
warn_of_secrets() {
  as_spark_reads_it "$settings" | while IFS= read -r setting || [ -n "$setting" ]; do
    if is_secret "$setting"; then
      echo "note: ${setting%%=*} in $settings becomes a part of a command, which everybody on this machine can read;" \
        "Spark reads it from conf/spark-defaults.conf of SPARK_HOME or SPARK_CONF_DIR without that" >&2
    fi
  done
}

quoted() {
  case $1 in
    *[!A-Za-z0-9_./:=,@%+-]* | '') printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")" ;;
    *) printf '%s' "$1" ;;
  esac
}
