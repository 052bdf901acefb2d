import { isLoopbackHost } from "../http/loopback.ts";

/** Gets a document over HTTP. */
export type Fetch = (url: URL, options: RequestInit) => Promise<Response>;

const MAX_BYTES = 1024 * 1024;

/** Whether nobody between here and there can change what is read: HTTPS, or this machine. */
export function isSafeUrl(url: URL): boolean {
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopbackHost(url.hostname));
}

/**
 * Gets a JSON object of at most 1 MiB. Undefined where there is none (a status of 4xx). Rejects with an Error for anything
 * else; redirects are not followed.
 */
export async function fetchJson(
  url: URL,
  signal: AbortSignal,
  get: Fetch,
): Promise<Record<string, unknown> | undefined> {
  if (!isSafeUrl(url)) throw new Error(`${url.href} is neither HTTPS nor on this machine`);
  const response = await get(url, {
    headers: { accept: "application/json" },
    redirect: "error",
    signal,
  });
  if (!response.ok) {
    await response.body?.cancel();
    if (response.status >= 400 && response.status < 500) return undefined;
    throw new Error(`${url.href} answered ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw new Error(`${url.href} sent more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  const value: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error(`${url.href} is no JSON object`);
  }
  return value as Record<string, unknown>;
}
