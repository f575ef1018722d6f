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
  /** Index of the file that holds a record. */
  fileOf(ordinal: number): number;
  /** 1-based number of a record within its file. */
  recordOf(ordinal: number): number;
}

export interface ScanObserver {
  /** Who is told; null between scans. */
  listener: ScanListener | null;
}

/** SQL: passes on whether a row is accepted, and tells the listener of those that are not. Nobody is called for the others. */
export function observed(accepted: string, number: string): string {
  return `case when ${accepted} then true else note_failed(${number}) end`;
}

/**
 * Registers three functions of a 1-based row number: `note_failed(n)`, always false, `file_of(n)` and `record_of(n)`.
 * For one connection with one thread: on more the engine's order is not the file's.
 */
export function registerScanObserver(connection: DuckDBConnection): ScanObserver {
  const observer: ScanObserver = { listener: null };
  const listener = (): ScanListener => {
    if (observer.listener === null) throw new Error("the engine called back outside a scan");
    return observer.listener;
  };
  connection.registerScalarFunction(
    DuckDBScalarFunction.create({
      name: "note_failed",
      returnType: BOOLEAN,
      parameterTypes: [INTEGER],
      volatile: true,
      mainFunction: (_info, chunk, output) => {
        const numbers = chunk.getColumnVector(0) as DuckDBIntegerVector;
        const out = output as DuckDBBooleanVector;
        const told = listener();
        const found = Int32Array.from({ length: chunk.rowCount }, (_, row) => numbers.getItem(row) ?? 0);
        // what several conditions leave of a vector comes condition by condition
        for (const number of found.sort()) told.failed(number - 1);
        for (let row = 0; row < found.length; row++) out.setItem(row, false);
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
