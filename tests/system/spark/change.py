"""Changes one table of a data folder with Spark: append, merge, delete, optimize. Prints the row count after each."""

import json
import sys
from pathlib import Path

from pyspark.sql import SparkSession

data, jars = Path(sys.argv[1]), sorted(Path(sys.argv[2]).glob("*.jar"))
table = f"delta.`{(data / 'processed/sales').resolve()}`"
spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.jars", ",".join(map(str, jars)))
    .config("spark.driver.extraClassPath", ":".join(map(str, jars)))
    .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
    .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
    .config("spark.sql.session.timeZone", "UTC")
    .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
    .config("spark.ui.enabled", "false")
    .config("spark.ui.showConsoleProgress", "false")
    .config("spark.sql.shuffle.partitions", "2")
    # else Delta reads its log in 50 tasks, at every statement
    .config("spark.databricks.delta.snapshotPartitions", "2")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")


def rows() -> int:
    return spark.sql(f"select count(*) from {table}").first()[0]


counts = {"before": rows()}
spark.sql(
    f"create or replace temporary view extra as select * except (_file, channel), 'spark' as _file, 'store' as channel from {table} limit 3"
)
names = ", ".join(spark.table(table).columns)
spark.sql(f"insert into {table} ({names}) select {names} from extra")
counts["append"] = rows()
spark.sql(
    f"""merge into {table} as t using (select distinct order_id, _file from {table} where _file = 'spark') as s
        on t.order_id = s.order_id and t._file = s._file when matched then update set t.channel = 'mobile'"""
)
counts["merge"] = rows()
counts["merged"] = spark.sql(f"select count(*) from {table} where _file = 'spark' and channel = 'mobile'").first()[0]
spark.sql(f"delete from {table} where _file = 'spark'")
counts["delete"] = rows()
spark.sql(f"optimize {table}")
counts["optimize"] = rows()
print(json.dumps(counts))
