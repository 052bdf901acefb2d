import { OptimizerError, type Clock, type JsonObject, type Log } from "@mcp-optimizer/contracts";
import type { Bulletin, SessionStore } from "@mcp-optimizer/contracts";
import type { Owner } from "./owner.ts";

const LETTER_TTL_MS = 600_000;
const RETRY_MS = 1_000;

/** What processes have for each other: letters that stay until they are taken, and news that whoever listens hears at once. */
export interface Mailbox {
  /** Leaves a letter, once for an address, and tells the news that says where it is. Resolves when both are out. */
  post(owner: Owner, address: string, letter: JsonObject, news: JsonObject): Promise<void>;
  /** The letter, which is taken out with it; of several callers one gets it. */
  take(tenant: string, address: string): Promise<JsonObject | undefined>;
  /** Tells what whoever is not listening can do without. */
  tell(news: JsonObject): Promise<void>;
  /** Stops listening. Idempotent. */
  close(): Promise<void>;
}

/** What a mailbox is made of. */
export interface MailboxParts {
  /** Where letters lie. */
  readonly store: SessionStore;
  readonly bulletin: Bulletin;
  readonly topic: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly onNews: (news: JsonObject) => void;
  /** News may have been missed: letters may be there. */
  readonly onGap: () => void;
}

/** Opens a mailbox. What cannot be heard for now is heard later: it tries until it is closed. */
export function openMailbox(parts: MailboxParts): Mailbox {
  const { store, bulletin, topic, clock, log, onNews, onGap } = parts;
  let closed = false;
  let cancelRetry: (() => void) | undefined;
  let listening: Promise<(() => Promise<void>) | undefined>;

  const hear = (text: string): void => {
    const news = parsed(text);
    if (news !== undefined && !closed) onNews(news);
  };
  const listen = async (again: boolean): Promise<(() => Promise<void>) | undefined> => {
    try {
      const stop = await bulletin.subscribe(topic, { onNews: hear, onGap: () => closed || onGap() });
      if (again && !closed) onGap();
      return stop;
    } catch (cause) {
      if (closed) return undefined;
      log({ level: "warn", message: "News of other processes cannot be heard for now.", cause });
      cancelRetry = clock.schedule(RETRY_MS, () => {
        listening = listen(true);
      });
      return undefined;
    }
  };
  listening = listen(false);
  const tell = (news: JsonObject): Promise<void> => bulletin.publish(topic, JSON.stringify(news));

  return {
    async post({ tenant, principal }, address, letter, news) {
      const record = { tenant, principal, id: address, data: { letter }, ttlMs: LETTER_TTL_MS };
      await store.create(record).catch((error: unknown) => {
        // It was sent twice, because it was not known whether it had arrived.
        if (!OptimizerError.is(error) || error.code !== "conflict") throw error;
      });
      await tell(news);
    },
    async take(tenant, address) {
      return (await store.delete(tenant, address))?.data["letter"] as JsonObject | undefined;
    },
    tell,
    async close() {
      closed = true;
      cancelRetry?.();
      await (
        await listening
      )?.();
    },
  };
}

function parsed(text: string): JsonObject | undefined {
  try {
    const news: unknown = JSON.parse(text);
    return typeof news === "object" && news !== null ? (news as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
