import { compileContract } from "../../contracts/contract.js";
import type { Config } from "../../lib/config-types.js";
import type { SourceSpec } from "../../transformations/sources/source-spec.js";

/** The sources of a configuration as the transformations see them. Throws bad_configuration. */
export function sourceSpecs(config: Config): readonly SourceSpec[] {
  return Object.entries(config.sources).map(([name, source]) => ({
    name,
    key: source.key,
    eventTime: source.event_time,
    versionBy: source.version_by,
    partition: source.partition,
    columns: compileContract(config, name).columns.map(({ name: column, sqlType, deltaType, personal }) => ({
      name: column,
      sqlType,
      deltaType,
      personal,
    })),
  }));
}
