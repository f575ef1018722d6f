import type { AlertChannel } from "../../../lib/config-types.js";
import type { DataPaths } from "../../../lib/paths.js";
import type { RunFile } from "../../../lib/run-types.js";
import { type Attempt, Undeliverable } from "../delivery.js";
import type { Message } from "../message.js";
import type { News } from "../trouble.js";
import { sendMail, writeMail } from "./email.js";
import { post } from "./webhook.js";

const SLACK_LIMIT = 3_500;

/** What a delivery needs from outside: secrets from the environment, the clock, the folder for unsent mail. */
export interface DeliveryContext {
  readonly paths: DataPaths;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
  /** By the clock of `performance.now()`. */
  readonly deadline: number;
}

export interface Envelope {
  readonly run: RunFile;
  readonly message: Message;
  readonly news: News;
  /** Tells the messages of one run and channel apart. */
  readonly part: "news" | "deliveries";
}

/** How a message goes to a channel. */
export function attemptFor(channel: AlertChannel, envelope: Envelope, context: DeliveryContext): Attempt {
  const id = `${envelope.run.run}.${channel.name.replaceAll(/[^\w.-]/g, "_")}.${envelope.part}`;
  switch (channel.type) {
    case "email":
      return () => mail(channel, envelope, id, context);
    case "slack":
      return (signal) =>
        post(
          {
            ...address(channel, "SLACK_WEBHOOK_URL", context),
            body: slackBody(envelope),
            id,
            now: context.now,
          },
          signal,
        );
    case "webhook":
      return (signal) =>
        post(
          {
            ...address(channel, "GRISTMILL_WEBHOOK_URL", context),
            body: plainBody(envelope),
            id,
            now: context.now,
          },
          signal,
        );
  }
}

function mail(
  channel: AlertChannel,
  { run, message }: Envelope,
  id: string,
  context: DeliveryContext,
): Promise<string> {
  const to = channel.to ?? [];
  if (to.length === 0) throw new Undeliverable("no address: give it `to`");
  const letter = {
    from: channel.from ?? "gristmill@localhost",
    to,
    message,
    messageId: `<${id}@gristmill>`,
    date: new Date(run.started_at),
  };
  const smtpUrl = context.environment[channel.url_env ?? "GRISTMILL_SMTP_URL"] ?? "";
  if (smtpUrl === "") return writeMail(context.paths.outbox, `${id}.eml`, letter);
  if (!URL.canParse(smtpUrl))
    throw new Undeliverable("the mail server's URL in its environment variable is none");
  return sendMail(smtpUrl, letter, Math.max(1, Math.ceil(context.deadline - performance.now())));
}

function address(channel: AlertChannel, usual: string, { environment }: DeliveryContext) {
  const variable = channel.url_env ?? usual;
  const url = environment[variable] ?? "";
  if (url === "") throw new Undeliverable(`the environment variable ${variable} is not set`);
  const secret = channel.secret_env === undefined ? null : (environment[channel.secret_env] ?? "");
  if (secret === "") throw new Undeliverable(`the environment variable ${channel.secret_env} is not set`);
  return { url, secret };
}

function slackBody({ message }: Envelope): string {
  const { subject, text } = message;
  const whole = `*${slackText(subject)}*\n${slackText(text)}`;
  return JSON.stringify({
    text: whole.length <= SLACK_LIMIT ? whole : `${whole.slice(0, SLACK_LIMIT)}\n… cut, see the dashboard`,
  });
}

function slackText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function plainBody({ run, message, news }: Envelope): string {
  return JSON.stringify({
    run: run.run,
    as_of: run.as_of,
    subject: message.subject,
    text: message.text,
    new: news.fresh.map(({ key: _key, ...trouble }) => trouble),
    still: news.still.map(({ kind, source, severity, subject, since }) => ({
      kind,
      source,
      severity,
      subject,
      since,
    })),
    resolved: news.resolved.map(({ kind, source, severity, subject, since }) => ({
      kind,
      source,
      severity,
      subject,
      since,
    })),
  });
}
