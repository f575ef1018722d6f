import { join } from "node:path";
import { writeFileAtomic } from "../../../lib/json-file.js";
import type { Message } from "../message.js";

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly message: Message;
  /** Stable for a run and channel, so that a repeat is seen as one. */
  readonly messageId: string;
  readonly date: Date;
}

/** Sends a mail by SMTP. The URL is a secret and never told. */
export async function sendMail(smtpUrl: string, mail: Mail, timeoutMs: number): Promise<string> {
  const { createTransport } = await import("nodemailer");
  const transport = createTransport({
    ...connectionOf(smtpUrl),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail(fieldsOf(mail));
    return `sent to ${mail.to.length === 1 ? "1 address" : `${mail.to.length} addresses`}`;
  } finally {
    transport.close();
  }
}

/** Writes a mail as it would have been sent, for a machine without a mail server. */
export async function writeMail(outbox: string, name: string, mail: Mail): Promise<string> {
  const { createTransport } = await import("nodemailer");
  const transport = createTransport({ streamTransport: true, buffer: true, newline: "windows" });
  const { message } = await transport.sendMail(fieldsOf(mail));
  if (!(message instanceof Uint8Array)) throw new Error("the mail was not composed in memory");
  writeFileAtomic(join(outbox, name), message);
  return `written to quality/outbox/${name}: no mail server is configured (GRISTMILL_SMTP_URL)`;
}

function fieldsOf({ from, to, message, messageId, date }: Mail) {
  return {
    from,
    to: [...to],
    subject: message.subject,
    text: message.text,
    messageId,
    date,
    headers: { "Auto-Submitted": "auto-generated" },
  };
}

/** `smtp://user:password@host:port`, `smtps://…`; a TLS upgrade is taken where the server offers it. */
function connectionOf(smtpUrl: string) {
  const url = new URL(smtpUrl);
  const secure = url.protocol === "smtps:";
  return {
    host: url.hostname,
    port: url.port === "" ? (secure ? 465 : 587) : Number(url.port),
    secure,
    tls: { rejectUnauthorized: url.searchParams.get("verify") !== "no" },
    ...(url.username === ""
      ? {}
      : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
  };
}
