import { createServer, type IncomingHttpHeaders } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
  close(): Promise<void>;
}

/** An HTTP receiver; `answer` gives the status of the nth request, null for one that is never answered. */
export async function httpReceiver(answer: (nth: number) => number | null = () => 200): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ headers: request.headers, body });
      const status = answer(received.length);
      if (status === null) return;
      response.writeHead(status, status === 302 ? { location: "/elsewhere" } : {}).end();
    });
  });
  const port = await listening(server);
  return {
    url: `http://127.0.0.1:${port}/hook/T0P-S3CRET`,
    received,
    close: () => {
      server.closeAllConnections();
      return closed(server);
    },
  };
}

export interface MailServer {
  readonly url: string;
  /** Whole messages as they came. */
  readonly mails: readonly string[];
  readonly recipients: readonly string[];
  close(): Promise<void>;
}

export async function mailServer(refuse = false): Promise<MailServer> {
  const mails: string[] = [];
  const recipients: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ["STARTTLS"],
    onAuth: ({ username, password }, _session, done) =>
      password === "pa:ss word" ? done(null, { user: username }) : done(new Error("wrong password")),
    onRcptTo: ({ address }, _session, done) => {
      if (refuse) return done(Object.assign(new Error("no such mailbox"), { responseCode: 550 }));
      recipients.push(address);
      return done();
    },
    onData: (stream, _session, done) => {
      void text(stream).then((mail) => {
        mails.push(mail);
        done();
      });
    },
  });
  server.on("error", () => undefined);
  const port = await listening(server.server);
  return {
    url: `smtp://gristmill:pa%3Ass%20word@127.0.0.1:${port}`,
    mails,
    recipients,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** Takes connections and never says a word. */
export async function silentServer(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const sockets = new Set<{ destroy(): void }>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  const port = await listening(server);
  return {
    port,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return closed(server);
    },
  };
}

/** A port that nobody listens on. */
export async function deadPort(): Promise<number> {
  const server = createTcpServer();
  const port = await listening(server);
  await closed(server);
  return port;
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
