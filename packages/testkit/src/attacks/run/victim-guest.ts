import type { HostReply, RunLimits, SandboxBackend } from "@mcp-optimizer/contracts";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BREAKOUT } from "../payload/javascript-prelude.ts";

const HOLD_MS = 600_000;

/** A guest of another tenant that runs while attacks do, and holds a secret. */
export interface VictimGuest {
  /** Mark of its files and sockets. */
  readonly name: string;
  /** Ends it. Resolves with what was done to it, or `undefined`. */
  end(): Promise<string | undefined>;
}

/** Starts the guest that attacks on other tenants aim at, and waits until it has hidden its secret. */
export async function startVictim(
  backend: SandboxBackend,
  limits: Readonly<RunLimits>,
  secret: string,
): Promise<VictimGuest> {
  const name = `mcpo-victim-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
  const lease = await backend.lease({
    tenant: "victim",
    limits: { ...limits, wallMs: HOLD_MS, cpuMs: HOLD_MS },
  });
  const ready = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  const call = async ({ name: tool }: { name: string }): Promise<HostReply> => {
    if (tool !== "fixture.hold") return { ok: true, value: null };
    ready.resolve();
    await over.promise;
    return { ok: true };
  };
  const source = `async () => {\nconst T = ${JSON.stringify({ nonce: name })};\n${BREAKOUT}\n${program(name, secret)}\n}`;
  const namespaces = [{ name: "fixture", tools: ["hold", "echo"] }];
  const run = lease.session.run({ language: "javascript", source, namespaces }, { call });
  void run.then(
    () => ready.resolve(),
    () => ready.resolve(),
  );
  await ready.promise;
  return {
    name,
    end: async () => {
      over.resolve();
      const outcome = await run.catch((error: unknown) => ({
        failure: { message: String(error) },
        value: null,
      }));
      await lease.dispose();
      // Where nothing keeps a guest from the host's folders, its files stay.
      const folders = ["/tmp", tmpdir(), "/dev/shm"];
      await Promise.all(folders.map((folder) => rm(join(folder, name), { force: true })));
      if (outcome.failure !== undefined)
        return `another tenant's guest was harmed: ${outcome.failure.message}`;
      return outcome.value === "untouched"
        ? undefined
        : `another tenant's guest found ${JSON.stringify(outcome.value)}`;
    },
  };
}

const program = (name: string, secret: string): string => String.raw`
const secret = ${JSON.stringify(secret)};
globalThis.victim = secret;
Object.prototype.victim = secret;
const files = [];
if (sys !== undefined) {
  sys.global.victim = secret;
  sys.process.env.VICTIM = secret;
  for (const folder of ["/tmp", sys.os.tmpdir(), "/dev/shm", "."]) {
    try { sys.fs.writeFileSync(folder + "/${name}", secret, { mode: 0o644 }); files.push(folder + "/${name}"); } catch {}
  }
  try { sys.net.createServer((socket) => socket.end(secret)).on("error", () => 0).listen("\0${name}"); } catch {}
}
await fixture.hold();
if (globalThis.victim !== secret || Object.prototype.victim !== secret) return "its globals changed";
for (const file of files) if (sys.fs.readFileSync(file, "latin1") !== secret) return "its file changed: " + file;
return "untouched";
`;
