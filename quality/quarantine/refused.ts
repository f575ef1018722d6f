import type { RunPlan } from "../../lib/run-types.js";
import { type QuarantinedRecord, quarantinedRecord } from "./quarantined-record.js";

/** The one record of each file that discovery refused, with the first bytes that it kept of it. */
export function refusedRecords(plan: RunPlan): readonly QuarantinedRecord[] {
  return plan.files
    .filter((file) => file.action === "refused")
    .map((file) => {
      const code = file.fault?.code ?? "unreadable_file";
      const message = file.fault?.message ?? "cannot be read";
      const raw = Buffer.from(file.fault?.raw_base64 ?? "", "base64");
      const reason = { code, column: null, rule: code, value: null, message };
      const record = quarantinedRecord({ ...file, run: plan.run }, { record: 1, line: null, raw }, [reason]);
      // of an unreadable file the bytes are kept as bytes, also where they happen to be text
      return { ...record, raw: null, raw_bytes: raw };
    });
}
