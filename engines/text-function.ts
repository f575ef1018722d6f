import { DuckDBScalarFunction, INTEGER, VARCHAR } from "@duckdb/node-api";
import type { DuckDbEngine } from "./duckdb.js";

/** Make a function of a text callable from SQL by its name; null gives null. */
export function registerTextFunction(
  engine: DuckDbEngine,
  name: string,
  judge: (text: string) => number,
): void {
  engine.connection.registerScalarFunction(
    DuckDBScalarFunction.create({
      name,
      parameterTypes: [VARCHAR],
      returnType: INTEGER,
      mainFunction: (_info, input, output) => {
        const texts = input.getColumnVector(0);
        for (let row = 0; row < input.rowCount; row += 1) {
          const text = texts.getItem(row);
          output.setItem(row, typeof text === "string" ? judge(text) : null);
        }
        output.flush();
      },
    }),
  );
}
