import { createHmac } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { AlertChannel, AlertsConfig } from "../../../lib/config-types.js";
import type { DataPaths } from "../../../lib/paths.js";
import type { RunFile } from "../../../lib/run-types.js";
import { sendAlerts } from "../../../monitoring/alerts/alert.js";
import { entry, finding, rule, runFile, runId, saveReport, saveRun, temporaryData } from "../fixtures.js";
import { deadPort, httpReceiver, mailServer, silentServer } from "./receivers.js";

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of opened.splice(0)) await server.close();
});
async function open<T extends { close(): Promise<void> }>(server: Promise<T>): Promise<T> {
  const one = await server;
  opened.push(one);
  return one;
}

const hook: AlertChannel = { name: "hook", type: "webhook", url_env: "HOOK" };
const mail: AlertChannel = {
  name: "team",
  type: "email",
  to: ["team@shop.example"],
  from: "mill@shop.example",
};

function send(
  paths: DataPaths,
  day: number,
  channels: readonly AlertChannel[],
  environment: Readonly<Record<string, string>>,
  over: Partial<AlertsConfig> = {},
) {
  const alerts = { channels, timeout_seconds: 10, retries: 0, ...over };
  return sendAlerts(paths, runId(day), alerts, { environment, now: () => 1_770_000_000_000, flags: "" });
}

const bad = entry("sales/bad.csv", { status: "held", accepted: 0, held: 600, quarantined: 400 });
const good = entry("sales/good.csv");

function alertFile(paths: DataPaths): string {
  return readFileSync(join(paths.quality, "quality_alert.txt"), "utf8");
}
function outcomes(paths: DataPaths, day: number): RunFile["alerts"] {
  return (JSON.parse(readFileSync(join(paths.runs, `${runId(day)}.json`), "utf8")) as RunFile).alerts;
}

test("nothing wrong: the file says OK and nobody is disturbed", async () => {
  const paths = temporaryData();
  const receiver = await open(httpReceiver());
  saveRun(
    paths,
    runFile(1, [good, entry("sales/new.csv.part", { status: "waiting", accepted: 0, quarantined: 0 })]),
  );
  await send(paths, 1, [hook], { HOOK: receiver.url });
  expect(alertFile(paths)).toBe("OK\n");
  expect(receiver.received).toEqual([]);
  expect(outcomes(paths, 1)).toEqual([{ channel: "hook", outcome: "nothing to tell" }]);
});

test("new in full, the next night a shorter still, then resolved, then silence", async () => {
  const paths = temporaryData();
  const receiver = await open(httpReceiver());
  const environment = { HOOK: receiver.url };
  saveReport(paths, bad, [rule({ count: 400 })]);
  for (const [day, files] of [
    [1, [good, bad]],
    [2, [bad]],
    [3, [entry("sales/bad.csv")]],
    [4, [good]],
  ] as const) {
    saveRun(paths, runFile(day, files));
    await send(paths, day, [hook], environment);
    if (day === 1) {
      expect(alertFile(paths)).toContain("60 % of 1,000 records pass, 95 % needed");
      expect(alertFile(paths)).toContain("npx gristmill quarantine show --file sales/bad.csv");
      expect(alertFile(paths)).toContain("report: quality/validation_report_sales__bad.csv.json");
    }
  }
  const [first, second, third, ...more] = receiver.received.map(({ body }) => JSON.parse(body));
  expect(more).toEqual([]);
  expect(first.subject).toBe("[Gristmill] 1 new: sales: 1 file held back (2026-01-01)");
  expect(first.text).toContain("out_of_range unit_price × 400, line 8: -3.50");
  expect(second.subject).toBe("[Gristmill] 1 still (2026-01-02)");
  expect(second.text).toContain(
    "STILL, told before\n* sales: 1 file held back, since 2026-01-01 02:00 UTC: sales/bad.csv",
  );
  expect(second.text.length).toBeLessThan(first.text.length * 0.6);
  expect(third.subject).toBe("[Gristmill] 1 resolved (2026-01-03)");
  expect(third.resolved).toMatchObject([{ subject: "sales/bad.csv", since: "2026-01-01T02:00:00Z" }]);
  expect(alertFile(paths)).toBe("OK\n");
});

test("a file that could not be judged is told with what helps, apart from those below the gate", async () => {
  const paths = temporaryData();
  const whole = { status: "held", records: 1, accepted: 0, quarantined: 1, score: 0 } as const;
  const files = [bad, entry("sales/a.zip", whole), entry("sales/b.csv", whole), entry("sales/c.csv", whole)];
  saveReport(paths, bad, [rule({ count: 400 })]);
  for (const [index, code] of (["unreadable_file", "missing_column", "missing_column"] as const).entries())
    saveReport(paths, files[index + 1] ?? bad, [rule({ code, count: 1 })], [`it is ${code}`]);
  saveRun(paths, runFile(1, files));
  await send(paths, 1, [], {});
  const told = alertFile(paths).split("\n* ");
  expect(told).toHaveLength(4);
  expect(told[1]).toMatch(/^sales: 1 file held back[\s\S]*What to do: npx gristmill quarantine show/);
  expect(told[2]).toMatch(
    /^sales: 2 files lack a required column[\s\S]*What to do: add .* of the feed sales/,
  );
  expect(told[3]).toMatch(
    /^sales: 1 file cannot be read\n +sales\/a\.zip: it is unreadable_file\n[\s\S]*What to do: have it sent/,
  );
  expect(alertFile(paths)).not.toContain("release");
});

test("many troubles are one message, grouped, and spelt out up to five a group", async () => {
  const paths = temporaryData();
  const receiver = await open(httpReceiver());
  const files = Array.from({ length: 40 }, (_, index) => ({ ...bad, path: `sales/${index}.csv` }));
  saveRun(paths, runFile(1, files, { unclaimed: ["x.bin"], findings: [finding()] }));
  await send(paths, 1, [hook], { HOOK: receiver.url });
  expect(receiver.received).toHaveLength(1);
  const { text } = JSON.parse(receiver.received[0]?.body ?? "");
  expect(text).toContain("* sales: 40 files held back");
  expect(text).toContain("and 35 more, see the dashboard");
  expect(text).toContain("npx gristmill propose x.bin");
});

test("the same run alerted twice reaches nobody twice, and says the same", async () => {
  const paths = temporaryData();
  const receiver = await open(httpReceiver());
  saveRun(paths, runFile(1, [bad]));
  await send(paths, 1, [hook], { HOOK: receiver.url });
  const once = alertFile(paths);
  await send(paths, 1, [hook], { HOOK: receiver.url });
  expect(receiver.received).toHaveLength(1);
  expect(alertFile(paths)).toBe(once);
});

test("a finding about data lasts until its source is read again; a freshness finding ends by itself", async () => {
  const paths = temporaryData();
  const receiver = await open(httpReceiver());
  const late = finding({ kind: "freshness", source: "events", column: null });
  const nights: readonly RunFile[] = [
    runFile(1, [good], { findings: [finding(), late] }),
    runFile(2, [entry("a.csv", { source: "users" })]),
    runFile(3, [good]),
  ];
  for (const run of nights) {
    saveRun(paths, run);
    await send(paths, Number(run.as_of.slice(-2)), [hook], { HOOK: receiver.url });
  }
  expect(receiver.received.map(({ body }) => JSON.parse(body).subject)).toEqual([
    "[Gristmill] 2 new: sales: 1 finding (warn) (2026-01-01)",
    "[Gristmill] 1 resolved (2026-01-02)",
    "[Gristmill] 1 resolved (2026-01-03)",
  ]);
});

test("channels hear only of their sources and severities", async () => {
  const paths = temporaryData();
  const [sales, errors] = [await open(httpReceiver()), await open(httpReceiver())];
  saveRun(
    paths,
    runFile(1, [good], {
      findings: [
        finding(),
        finding({ source: "users", severity: "error", message: "twice the same e-mail" }),
      ],
    }),
  );
  await send(
    paths,
    1,
    [
      { ...hook, name: "sales", url_env: "A", sources: ["sales"] },
      { ...hook, name: "errors", url_env: "B", min_severity: "error" },
    ],
    { A: sales.url, B: errors.url },
  );
  expect(sales.received[0]?.body).toContain("in no catalogue");
  expect(sales.received[0]?.body).not.toContain("twice the same");
  expect(errors.received[0]?.body).toContain("twice the same");
  expect(errors.received[0]?.body).not.toContain("in no catalogue");
});

test("a webhook's message is signed over its time and body", async () => {
  const paths = temporaryData();
  const receiver = await open(httpReceiver());
  saveRun(paths, runFile(1, [bad]));
  await send(paths, 1, [{ ...hook, secret_env: "KEY" }], { HOOK: receiver.url, KEY: "k3y" });
  const [got] = receiver.received;
  const expected = createHmac("sha256", "k3y").update(`1770000000.${got?.body}`).digest("hex");
  expect(got?.headers["x-gristmill-signature"]).toBe(`sha256=${expected}`);
  expect(got?.headers["idempotency-key"]).toBe(`${runId(1)}.hook.news`);
});

test("Slack gets its shape, with its own signs escaped", async () => {
  const paths = temporaryData();
  const receiver = await open(httpReceiver());
  saveRun(paths, runFile(1, [entry("sales/<!channel> & co.csv", { status: "error" })]));
  await send(paths, 1, [{ name: "slack", type: "slack" }], { SLACK_WEBHOOK_URL: receiver.url });
  const body = JSON.parse(receiver.received[0]?.body ?? "");
  expect(Object.keys(body)).toEqual(["text"]);
  expect(body.text).toContain("sales/&lt;!channel&gt; &amp; co.csv");
});

test("a real mail server gets one mail, with its login from the environment", async () => {
  const paths = temporaryData();
  const server = await open(mailServer());
  saveRun(paths, runFile(1, [bad, entry("sales/line\r\nBcc: x@evil.example.csv", { status: "error" })]));
  await send(paths, 1, [mail], { GRISTMILL_SMTP_URL: server.url });
  expect(server.recipients).toEqual(["team@shop.example"]);
  expect(server.mails).toHaveLength(1);
  expect(server.mails[0]).toContain("Subject: [Gristmill] 2 new");
  expect(server.mails[0]).toContain(`Message-ID: <${runId(1)}.team.news@gristmill>`);
  expect(server.mails[0]).not.toMatch(/^Bcc:/im);
  expect(outcomes(paths, 1)).toEqual([{ channel: "team", outcome: "sent to 1 address" }]);
});

test("without a mail server the mail lies in the outbox, and the run says so", async () => {
  const paths = temporaryData();
  saveRun(paths, runFile(1, [bad]));
  await send(paths, 1, [mail], {});
  const [name] = readdirSync(paths.outbox);
  expect(name).toBe(`${runId(1)}.team.news.eml`);
  expect(readFileSync(join(paths.outbox, name ?? ""), "utf8")).toMatch(/^To: team@shop\.example\r$/m);
  expect(outcomes(paths, 1)[0]?.outcome).toBe(
    `written to quality/outbox/${name}: no mail server is configured (GRISTMILL_SMTP_URL)`,
  );
});

test("a receiver that comes to itself is tried again", async () => {
  const paths = temporaryData();
  const receiver = await open(httpReceiver((nth) => (nth < 3 ? 503 : 200)));
  saveRun(paths, runFile(1, [bad]));
  await send(paths, 1, [hook], { HOOK: receiver.url }, { retries: 2 });
  expect(receiver.received).toHaveLength(3);
  expect(outcomes(paths, 1)[0]?.outcome).toBe("sent (200)");
});

test("what fails is told by the channels that work, in the file and in the run file, without its secrets", async () => {
  const paths = temporaryData();
  const works = await open(httpReceiver());
  const broken = await open(httpReceiver(() => 500));
  const redirecting = await open(httpReceiver(() => 302));
  const refusing = await open(mailServer(true));
  saveRun(paths, runFile(1, [bad]));
  await send(
    paths,
    1,
    [
      { ...hook, name: "works", url_env: "A" },
      { ...hook, name: "broken", url_env: "B" },
      { ...hook, name: "moved", url_env: "C" },
      { ...hook, name: "dead", url_env: "D" },
      { ...hook, name: "unset", url_env: "E" },
      { ...hook, name: "odd", url_env: "F" },
      mail,
    ],
    {
      A: works.url,
      B: broken.url,
      C: redirecting.url,
      D: `http://127.0.0.1:${await deadPort()}/T0P-S3CRET`,
      F: "file:///etc/T0P-S3CRET",
      GRISTMILL_SMTP_URL: refusing.url,
    },
    { retries: 1 },
  );
  expect(Object.fromEntries(outcomes(paths, 1).map(({ channel, outcome }) => [channel, outcome]))).toEqual({
    works: "sent (200)",
    broken: "failed: answered 500 (2 of 2 tries)",
    moved: "failed: answered 302 (2 of 2 tries)",
    dead: "failed: ECONNREFUSED (2 of 2 tries)",
    unset: "failed: the environment variable E is not set",
    odd: "failed: the URL in its environment variable is not http or https",
    team: "failed: EENVELOPE (2 of 2 tries)",
  });
  const told = JSON.parse(works.received[1]?.body ?? "{}");
  expect(told.subject).toBe("[Gristmill] 6 new: 6 channels could not be reached (2026-01-01)");
  expect(works.received).toHaveLength(2);
  expect(alertFile(paths)).toContain("broken: failed: answered 500");
  for (const text of [alertFile(paths), JSON.stringify(outcomes(paths, 1)), told.text])
    expect(text).not.toMatch(/S3CRET|pa:ss|pa%3A/);
});

test("a channel that missed the news gets them in full the next night", async () => {
  const paths = temporaryData();
  let down = true;
  const receiver = await open(httpReceiver(() => (down ? 500 : 200)));
  saveRun(paths, runFile(1, [bad]));
  await send(paths, 1, [hook], { HOOK: receiver.url });
  down = false;
  saveRun(paths, runFile(2, [bad]));
  await send(paths, 2, [hook], { HOOK: receiver.url });
  expect(JSON.parse(receiver.received[1]?.body ?? "{}").subject).toContain("1 new");
});

test("receivers that never answer cost no more than the time they are given", async () => {
  const paths = temporaryData();
  const slow = await open(httpReceiver(() => null));
  const silent = await open(silentServer());
  saveRun(paths, runFile(1, [bad]));
  const started = performance.now();
  await send(
    paths,
    1,
    [hook, mail],
    { HOOK: slow.url, GRISTMILL_SMTP_URL: `smtp://127.0.0.1:${silent.port}` },
    { timeout_seconds: 1, retries: 5 },
  );
  expect(performance.now() - started).toBeLessThan(2_000);
  expect(outcomes(paths, 1).map(({ outcome }) => outcome.replace(/\(.*/, ""))).toEqual([
    "failed: no answer in time ",
    "failed: no answer in time ",
  ]);
  expect(existsSync(paths.outbox)).toBe(false);
});
