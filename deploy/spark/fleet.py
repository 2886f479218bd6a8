#!/usr/bin/env python3
"""Reads the results of `mtls inspect --format jsonl` with Spark: spark-submit fleet.py 'results/part-*.jsonl'.

The schema is named for the same reason as in duckdb/fleet.sql: a sample may have no findings at all. Lines that a killed run left torn
are dropped.
"""

import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as f

SCHEMA = """
kind STRING, target STRING, asked_for STRING, ts TIMESTAMP, verdict STRING, reachable BOOLEAN, protocol STRING, `group` STRING,
server_chain ARRAY<STRUCT<subject: STRING, issuer: STRING, not_before: TIMESTAMP, not_after: TIMESTAMP, sha256: STRING>>,
trust ARRAY<STRUCT<status: STRING, reasons: ARRAY<STRING>>>,
client_auth STRING, accepted_ca_names ARRAY<STRING>,
readiness ARRAY<STRUCT<profile: STRING, outlook: STRING, breaks_on: DATE, sentence: STRING>>,
timings_ms STRUCT<dns: DOUBLE, tcp: DOUBLE, tls: DOUBLE, http: DOUBLE, total: DOUBLE>,
ending STRUCT<kind: STRING, phase: STRING, detail: STRING>,
findings ARRAY<STRUCT<code: STRING, name: STRING, severity: STRING, message: STRING>>
"""


def targets(spark, path):
    lines = spark.read.schema(SCHEMA).option("mode", "DROPMALFORMED").json(path)
    return lines.where(f.col("kind") == "target")


def main(path):
    spark = SparkSession.builder.appName("mtls-fleet").getOrCreate()
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    all_targets = targets(spark, path)
    certificates = all_targets.select("target", f.explode("server_chain").alias("c"))
    certificates.select("target", "c.subject", "c.not_after").orderBy("not_after").show(50, truncate=False)
    all_targets.groupBy("client_auth").count().show()
    findings = all_targets.select("target", f.explode("findings").alias("f"))
    findings.groupBy("f.code", "f.name", "f.severity").count().orderBy(f.desc("count")).show(50, truncate=False)


if __name__ == "__main__":
    main(sys.argv[1])
