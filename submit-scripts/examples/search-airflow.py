"""A nightly sweep in Airflow, one output directory for each night.

Copy it into the dags folder of Airflow 2.6 or newer, and set three Airflow variables:

    airflow variables set convoy_home   /opt/convoy            # the repository, on every worker
    airflow variables set convoy_conf   /etc/convoy/sweep.conf
    airflow variables set convoy_output s3a://bucket/sweeps    # any Hadoop file system all workers see

The same command goes on where it was cut off, so retries and cleared tasks lose nothing. A task that
finds another convoy at work in its directory (exit code 75) is skipped. Exit codes 2 (configuration), 3
(data) and 4 (every trial failed) come again in every retry, within seconds.
"""

from datetime import timedelta

import pendulum
from airflow import DAG

try:
    from airflow.providers.standard.operators.bash import BashOperator
except ImportError:  # Airflow 2
    from airflow.operators.bash import BashOperator

IN_USE = 75

with DAG(
    dag_id="convoy_search",
    description="Random search over the hyperparameters of a network",
    schedule="0 2 * * *",
    start_date=pendulum.datetime(2024, 1, 1, tz="UTC"),
    # Nights that were missed are not made up for; a sweep that takes longer than a day delays the next.
    catchup=False,
    max_active_runs=1,
    default_args={
        "retries": 3,
        # After a lost worker others may use its directory only when its lock has expired, after 90
        # seconds; an earlier retry would be skipped.
        "retry_delay": timedelta(minutes=3),
    },
) as dag:
    BashOperator(
        task_id="search",
        # exec: so that Airflow's signals reach convoy, which then gives up its lock.
        bash_command=(
            'exec "$CONVOY_HOME/submit-scripts/convoy" search "$CONVOY_CONF"'
            ' "output=\\"$CONVOY_OUTPUT\\""'
        ),
        env={
            "CONVOY_HOME": "{{ var.value.convoy_home }}",
            "CONVOY_CONF": "{{ var.value.convoy_conf }}",
            "CONVOY_OUTPUT": "{{ var.value.convoy_output }}/{{ ds }}",
            # On a cluster, with what spark-submit is to be told:
            # "SPARK_SUBMIT": "/opt/spark/bin/spark-submit",
            # "CONVOY_SUBMIT_OPTIONS": "--master yarn --num-executors 8 --executor-memory 4g",
        },
        append_env=True,
        skip_on_exit_code=IN_USE,
    )
