import type { Bulletin } from "@mcp-optimizer/contracts";
import type { RedisLink } from "../link/redis-link.ts";

/** News over Redis's channels. Who was away for a while, or whose Redis was, is told of the gap. */
export const createRedisBulletin = ({ link }: { readonly link: RedisLink }): Bulletin => ({
  publish: (topic, text) => link.publish(topic, text),
  subscribe: (topic, listener) => link.subscribe(topic, listener),
});
