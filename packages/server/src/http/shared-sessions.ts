import type { Clock, JsonObject, Log, SessionRecord } from "@mcp-optimizer/contracts";
import { openMailbox } from "../shared/mailbox.ts";
import { sameOwner, type Owner } from "../shared/owner.ts";
import type { SharedState } from "../shared/shared-state.ts";
import { answeredId } from "./client-message.ts";
import type { Opening } from "./session-opening.ts";
import { createSessionRoster } from "./session-roster.ts";
import type { WireId } from "./wire-ids.ts";

const SWEPT_AT_ONCE = 100;

/** What a process does with its sessions when it hears of them. */
export interface SessionNews {
  /** Ids of the questions of a session that are not answered, where it is here. */
  questions(owner: Owner, id: string): readonly string[];
  deliver(owner: Owner, id: string, message: JsonObject): void;
  initialized(owner: Owner, id: string): void;
  ended(owner: Owner, id: string): void;
  /** Sessions that are here. */
  all(): readonly { readonly owner: Owner; readonly id: string }[];
}

/** Sessions as all processes know them. Methods reject with `store_unavailable`. */
export interface SharedSessions {
  /** Where its owner has too many, another of that owner ends for it. */
  save(owner: Owner, id: string, opening: Opening): Promise<void>;
  /** What a session began with, which is used now; undefined when there is none of that owner. */
  find(owner: Owner, id: string): Promise<Opening | undefined>;
  /** Begins its lifetime anew. False when it is over. */
  touch(owner: Owner, id: string): Promise<boolean>;
  /** Ends it everywhere. */
  end(owner: Owner, id: string): Promise<void>;
  /** Takes an answer to the process that asked. */
  answer(owner: Owner, id: string, question: WireId, message: JsonObject): Promise<void>;
  /** Tells a notification to whichever process it is for. */
  notify(owner: Owner, id: string, message: JsonObject): Promise<void>;
  /** Takes out what expired. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}

/** What shared sessions are made of. */
export interface SharedSessionParts extends Pick<SharedState, "sessions" | "bulletin"> {
  /** This process. */
  readonly instance: string;
  readonly ttlMs: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly news: SessionNews;
}

/** Makes {@link SharedSessions}, and listens to the other processes. */
export function createSharedSessions(parts: SharedSessionParts): SharedSessions {
  const { sessions: store, bulletin, instance, ttlMs, clock, log, news } = parts;
  const letterOf = (id: string, question: string): string => `answer/${id}/${question}`;
  const collect = async (owner: Owner, id: string, question: string): Promise<void> => {
    try {
      const letter = await mailbox.take(owner.tenant, letterOf(id, question));
      if (letter !== undefined && answeredId(letter) === question) news.deliver(owner, id, letter);
    } catch (cause) {
      log({ level: "warn", message: "A client's answer could not be fetched for now.", cause });
    }
  };
  const onNews = (told: JsonObject): void => {
    const { tenant, principal, id, from, to, kind, message, question } = told;
    if (from === instance || (to !== undefined && to !== instance)) return;
    if (typeof tenant !== "string" || typeof principal !== "string" || typeof id !== "string") return;
    const owner = { tenant, principal };
    if (kind === "ended") news.ended(owner, id);
    if (kind === "answer" && typeof question === "string") void collect(owner, id, question);
    if (kind !== "message" || typeof message !== "object" || message === null) return;
    if ((message as JsonObject)["method"] === "notifications/initialized") news.initialized(owner, id);
    else news.deliver(owner, id, message as JsonObject);
  };
  const onGap = (): void => {
    for (const { owner, id } of news.all()) {
      news.initialized(owner, id);
      for (const question of news.questions(owner, id)) void collect(owner, id, question);
    }
  };
  const mailbox = openMailbox({ store, bulletin, topic: "mcp/sessions", clock, log, onNews, onGap });
  const roster = createSessionRoster(store);
  const end = async ({ tenant, principal }: Owner, id: string): Promise<void> => {
    await store.delete(tenant, id);
    await mailbox.tell({ kind: "ended", from: instance, tenant, principal, id });
  };
  const own = (owner: Owner, record: SessionRecord | undefined): JsonObject | undefined =>
    record !== undefined && sameOwner(owner, record) ? record.data : undefined;

  return {
    async save(owner, id, opening) {
      const { tenant, principal } = owner;
      const gone = await roster.enter(owner, id);
      await store.create({ tenant, principal, id, data: { opening }, ttlMs });
      for (const each of gone) {
        await end(owner, each);
        news.ended(owner, each);
      }
    },
    async find(owner, id) {
      const opening = own(owner, await store.get(owner.tenant, id))?.["opening"] as Opening | undefined;
      return opening !== undefined && (await store.touch(owner.tenant, id)) ? opening : undefined;
    },
    touch: ({ tenant }, id) => store.touch(tenant, id),
    end,
    async answer(owner, id, question, message) {
      const { tenant, principal } = owner;
      const told = { kind: "answer", to: question.instance, tenant, principal, id, question: question.text };
      await mailbox.post(owner, letterOf(id, question.text), message, told);
    },
    async notify({ tenant, principal }, id, message) {
      await mailbox.tell({ kind: "message", from: instance, tenant, principal, id, message });
    },
    async sweep() {
      await store.takeExpired(SWEPT_AT_ONCE);
    },
    close: () => mailbox.close(),
  };
}
