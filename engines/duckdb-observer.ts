import {
  BOOLEAN,
  type DuckDBBooleanVector,
  type DuckDBConnection,
  type DuckDBIntegerVector,
  DuckDBScalarFunction,
  INTEGER,
} from "@duckdb/node-api";

/** What a scan tells while it runs. Ordinals are 0-based and come in ascending order. */
export interface ScanListener {
  /** A record did not pass. */
  failed(ordinal: number): void;
  /** So many more records were looked at. */
  seen(count: number): void;
  /** Index of the file that holds a record. */
  fileOf(ordinal: number): number;
  /** 1-based number of a record within its file. */
  recordOf(ordinal: number): number;
}

export interface ScanObserver {
  /** Who is told; null between scans. */
  listener: ScanListener | null;
}

/**
 * Registers three functions of a 1-based row number: `observe(accepted, n)`, true for what is accepted, `file_of(n)`
 * and `record_of(n)`. For one connection with one thread: on more the engine's order is not the file's.
 */
export function registerScanObserver(connection: DuckDBConnection): ScanObserver {
  const observer: ScanObserver = { listener: null };
  const listener = (): ScanListener => {
    if (observer.listener === null) throw new Error("the engine called back outside a scan");
    return observer.listener;
  };
  connection.registerScalarFunction(
    DuckDBScalarFunction.create({
      name: "observe",
      returnType: BOOLEAN,
      parameterTypes: [BOOLEAN, INTEGER],
      volatile: true,
      mainFunction: (_info, chunk, output) => {
        const accepted = chunk.getColumnVector(0) as DuckDBBooleanVector;
        const numbers = chunk.getColumnVector(1) as DuckDBIntegerVector;
        const out = output as DuckDBBooleanVector;
        const told = listener();
        const rows = chunk.rowCount;
        for (let row = 0; row < rows; row++) {
          const pass = accepted.getItem(row) === true;
          if (!pass) told.failed((numbers.getItem(row) ?? 0) - 1);
          out.setItem(row, pass);
        }
        told.seen(rows);
        out.flush();
      },
    }),
  );
  registerLookup(connection, "file_of", (ordinal) => listener().fileOf(ordinal));
  registerLookup(connection, "record_of", (ordinal) => listener().recordOf(ordinal));
  return observer;
}

function registerLookup(connection: DuckDBConnection, name: string, look: (ordinal: number) => number): void {
  connection.registerScalarFunction(
    DuckDBScalarFunction.create({
      name,
      returnType: INTEGER,
      parameterTypes: [INTEGER],
      volatile: true,
      mainFunction: (_info, chunk, output) => {
        const numbers = chunk.getColumnVector(0) as DuckDBIntegerVector;
        const out = output as DuckDBIntegerVector;
        const rows = chunk.rowCount;
        for (let row = 0; row < rows; row++) out.setItem(row, look((numbers.getItem(row) ?? 0) - 1));
        out.flush();
      },
    }),
  );
}
