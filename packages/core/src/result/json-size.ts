import type { JsonValue } from "@mcp-optimizer/contracts";

/** The length of a value's JSON text, without writing it; stops soon after `limit` and then returns a number over it. */
export function jsonSize(value: JsonValue | undefined, limit: number = Number.POSITIVE_INFINITY): number {
  const stack: (JsonValue | undefined)[] = [value];
  let size = 0;
  while (stack.length > 0 && size <= limit) {
    const next = stack.pop();
    if (typeof next === "string") size += stringSize(next, limit);
    else if (next === null || typeof next !== "object") size += String(next).length;
    else if (Array.isArray(next)) {
      size += 1 + Math.max(1, next.length);
      // Pushed in slices, so that an early stop is early for a long list too.
      if (next.length > limit) return size + next.length;
      for (const item of next) stack.push(item);
    } else {
      const keys = Object.keys(next);
      size += 1 + Math.max(1, keys.length);
      for (const key of keys) {
        if (size > limit) return size;
        size += stringSize(key, limit) + 1;
        stack.push(next[key]);
      }
    }
  }
  return size;
}

function stringSize(text: string, limit: number): number {
  return text.length > limit ? text.length + 2 : JSON.stringify(text).length;
}
