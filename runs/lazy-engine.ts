import type { Engine } from "../engines/engine.js";

/**
 * Give `body` an engine that is opened at the first call, is the same at each, and is closed at the end: who asks for
 * none pays for none.
 */
export async function withLazyEngine<T>(
  open: () => Promise<Engine>,
  body: (engine: () => Promise<Engine>) => Promise<T>,
): Promise<T> {
  let opened: Promise<Engine> | null = null;
  const engine = (): Promise<Engine> => {
    opened ??= open();
    return opened;
  };
  try {
    return await body(engine);
  } finally {
    if (opened !== null) (await (opened as Promise<Engine>)).close();
  }
}
