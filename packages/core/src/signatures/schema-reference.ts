import type { JsonObject, JsonValue } from "@mcp-optimizer/contracts";

/** Where a local reference leads: a name for the type, a key that is unique in the document, and the subschema. */
export interface SchemaTarget {
  readonly key: string;
  readonly name: string;
  readonly schema: JsonValue;
}

/** Resolves `$ref` and `$dynamicRef` within one document. Nothing is ever fetched: what leads elsewhere is undefined. */
export function createReferenceResolver(root: JsonObject): (reference: string) => SchemaTarget | undefined {
  let anchors: Map<string, JsonValue> | undefined;
  const base = typeof root["$id"] === "string" ? root["$id"] : undefined;
  return (reference) => {
    const local =
      base !== undefined && reference.startsWith(`${base}#`) ? reference.slice(base.length) : reference;
    if (local === "#" || local === "") return { key: "#", name: "Self", schema: root };
    if (!local.startsWith("#")) return undefined;
    const fragment = decode(local.slice(1));
    if (fragment === undefined) return undefined;
    const schema = fragment.startsWith("/")
      ? follow(root, fragment)
      : (anchors ??= findAnchors(root)).get(fragment);
    return schema === undefined ? undefined : { key: `#${fragment}`, name: typeName(fragment), schema };
  };
}

function decode(fragment: string): string | undefined {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return undefined;
  }
}

function follow(root: JsonValue, pointer: string): JsonValue | undefined {
  let node: JsonValue | undefined = root;
  for (const step of pointer.slice(1).split("/")) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof node !== "object" || node === null || !Object.hasOwn(node, key)) return undefined;
    node = (node as JsonObject)[key];
  }
  return node;
}

function findAnchors(root: JsonValue): Map<string, JsonValue> {
  const anchors = new Map<string, JsonValue>();
  const waiting: JsonValue[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (typeof node !== "object" || node === null) continue;
    if (!Array.isArray(node)) {
      for (const anchor of [node["$anchor"], node["$dynamicAnchor"]]) {
        if (typeof anchor === "string" && !anchors.has(anchor)) anchors.set(anchor, node);
      }
    }
    for (const child of Object.values(node)) if (child !== undefined) waiting.push(child);
  }
  return anchors;
}

/** A legal identifier out of the last part of a pointer or an anchor. */
function typeName(fragment: string): string {
  const last = fragment.split("/").findLast((part) => /\p{L}/u.test(part)) ?? "";
  const words = last.match(/[\p{L}\p{N}]+/gu) ?? [];
  const name = words
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("")
    .slice(0, 40);
  return /^\p{ID_Start}\p{ID_Continue}*$/u.test(name) ? name : "Type";
}
