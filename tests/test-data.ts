import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { packageRoot } from "../lib/paths.js";

/**
 * A file of the public data sets, or null where GRISTMILL_TEST_DATA names no folder that holds it: then its test is
 * skipped and says so. With GRISTMILL_REQUIRE_TEST_DATA=1 a missing file is an error.
 */
export function testData(name: string): string | null {
  const folder = process.env["GRISTMILL_TEST_DATA"];
  const file = folder === undefined ? name : join(resolve(packageRoot, folder), name);
  if (folder !== undefined && existsSync(file)) return file;
  if (process.env["GRISTMILL_REQUIRE_TEST_DATA"] === "1") throw new Error(`the test data ${file} is missing`);
  console.log(`skipped: ${file} is not at hand (GRISTMILL_TEST_DATA names its folder)`);
  return null;
}
