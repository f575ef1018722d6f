import { Socket } from "node:net";

/**
 * End this process when its master is gone: GRISTMILL_MASTER_PIPE names a descriptor whose only writing end the
 * master holds and never writes to, so that its end means the master's.
 */
export function dieWithMaster(environment: Readonly<Record<string, string | undefined>>): void {
  const descriptor = environment["GRISTMILL_MASTER_PIPE"];
  if (descriptor === undefined) return;
  const pipe = new Socket({ fd: Number(descriptor), readable: true, writable: false });
  const end = (): void => {
    process.stderr.write("gristmill: the master of this run is gone\n");
    process.exit(1);
  };
  pipe.on("end", end).on("error", end).resume();
  pipe.unref();
}
