import { createHmac } from "node:crypto";
import { Answered, Undeliverable } from "../delivery.js";

export interface Post {
  readonly url: string;
  readonly body: string;
  /** Same for every try of the same message, so that a receiver may drop repeats. */
  readonly id: string;
  readonly secret: string | null;
  readonly now: () => number;
}

/**
 * Posts JSON. With a secret the headers carry `X-Gristmill-Timestamp` (seconds) and `X-Gristmill-Signature:
 * sha256=<hex>`, the HMAC of `<timestamp>.<body>`.
 */
export async function post(message: Post, signal: AbortSignal): Promise<string> {
  const timestamp = String(Math.floor(message.now() / 1_000));
  const headers: Record<string, string> = {
    "content-type": "application/json; charset=utf-8",
    "idempotency-key": message.id,
    "user-agent": "gristmill",
  };
  if (message.secret !== null) {
    headers["x-gristmill-timestamp"] = timestamp;
    headers["x-gristmill-signature"] = `sha256=${signature(message.secret, timestamp, message.body)}`;
  }
  // a redirect could carry the message to somewhere that nobody configured
  const response = await fetch(parsed(message.url), {
    method: "POST",
    headers,
    body: message.body,
    signal,
    redirect: "manual",
  });
  await response.body?.cancel();
  if (!response.ok) throw new Answered(response.status);
  return `sent (${response.status})`;
}

export function signature(secret: string, timestamp: string, body: string): string {
  return createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
}

function parsed(url: string): URL {
  if (!URL.canParse(url)) throw new Undeliverable("the URL in its environment variable is none");
  const parts = new URL(url);
  if (parts.protocol !== "http:" && parts.protocol !== "https:")
    throw new Undeliverable("the URL in its environment variable is not http or https");
  return parts;
}
