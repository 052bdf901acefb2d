import { OptimizerError, type ContentBlock, type JsonObject, type JsonValue } from "@mcp-optimizer/contracts";
import type { ShownPiece } from "./shown-piece.ts";

/** Bytes, or a text, with what is known of them. */
export interface ShownContent {
  readonly name?: string;
  readonly uri?: string;
  readonly mimeType: string;
  readonly content: { readonly base64: string } | { readonly text: string };
}

/** Characters of a name, an address, a type or a description. */
const LONGEST_LABEL = 8_192;
/** Files are for the user: a client may keep them from the model. */
const FOR_THE_USER = { audience: ["user"] };

/** Bytes of an image or of sound as that, other bytes and texts as an embedded resource. */
export function shownContent({ name, uri, mimeType, content }: ShownContent): ShownPiece {
  const named = name ?? uri;
  const known = { ...(named !== undefined && { name: named }), mimeType };
  if ("base64" in content) {
    const { base64 } = content;
    const bytes = bytesOf(base64);
    const [kind] = mimeType.split("/");
    if (kind === "image" || kind === "audio") {
      return { ...known, bytes, block: { type: kind, data: base64, mimeType } };
    }
    return { ...known, bytes, block: embedded(known, uri, { blob: base64 }) };
  }
  const { text } = content;
  return { ...known, bytes: Buffer.byteLength(text), block: embedded(known, uri, { text }) };
}

/** What a program gives to `show` itself, not by a handle. Throws `invalid_params`. */
export function givenPiece(given: JsonObject): ShownPiece {
  const { type, resource } = given;
  if (type === "resource_link") return link(given);
  if (type === "resource" && isObject(resource)) return shownContent(contentOf(resource));
  return shownContent(contentOf(given));
}

function contentOf(given: JsonObject): ShownContent {
  const name = shortTextAt(given, "name");
  const uri = shortTextAt(given, "uri");
  const base64 = textAt(given, "base64") ?? textAt(given, "data") ?? textAt(given, "blob");
  const text = textAt(given, "text");
  const isText = base64 === undefined;
  const mimeType =
    shortTextAt(given, "mimeType") ??
    shortTextAt(given, "mime_type") ??
    (isText ? "text/plain" : "application/octet-stream");
  if (!/^[\w.+-]+\/[\w.+-]+(?:;.*)?$/.test(mimeType)) throw notShown("its mimeType is none");
  if (base64 !== undefined && (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64))) {
    throw notShown("its bytes are not base64");
  }
  if (isText && (text === undefined || given["type"] === "text"))
    throw notShown("it has neither handle, bytes nor a file's text");
  const content = base64 === undefined ? { text: text! } : { base64 };
  return { ...(name !== undefined && { name }), ...(uri !== undefined && { uri }), mimeType, content };
}

function link(given: JsonObject): ShownPiece {
  const uri = shortTextAt(given, "uri");
  if (uri === undefined || !URL.canParse(uri)) throw notShown("its uri is none");
  const name = shortTextAt(given, "name") ?? uri;
  const block: ContentBlock = { type: "resource_link", uri, name };
  for (const key of ["title", "description", "mimeType"]) {
    const value = shortTextAt(given, key);
    if (value !== undefined) block[key] = value;
  }
  const { size = null } = given;
  if (typeof size === "number") block["size"] = size;
  else if (size !== null) throw notShown("its size is not a number");
  return { block, name, mimeType: shortTextAt(given, "mimeType") ?? "application/octet-stream", bytes: 0 };
}

function embedded(
  { name, mimeType }: { readonly name?: string; readonly mimeType: string },
  uri: string | undefined,
  body: JsonObject,
): ContentBlock {
  const address =
    uri !== undefined && URL.canParse(uri)
      ? uri
      : `mcp-optimizer:/shown/${encodeURIComponent((name ?? "file").toWellFormed())}`;
  return { type: "resource", resource: { uri: address, mimeType, ...body }, annotations: FOR_THE_USER };
}

/** Throws `invalid_params`, with what can be shown. */
export function notShown(why: string): OptimizerError {
  return new OptimizerError("invalid_params", {
    detail:
      `this cannot be shown: ${why}. show takes a handle, an image or audio or resource of a result, a resource link, or a file as ` +
      "{ name, mimeType, text } or { name, mimeType, base64 }; what the model is to read is returned",
  });
}

function textAt(given: JsonObject, key: string): string | undefined {
  const value = given[key];
  if (value === undefined || value === null || typeof value === "string") return value ?? undefined;
  throw notShown(`its ${key} is not a text`);
}

/** What is said of a piece is no way around the limits of pieces. Throws `invalid_params`. */
export function shortTextAt(given: JsonObject, key: string): string | undefined {
  const text = textAt(given, key);
  if (text === undefined || text.length <= LONGEST_LABEL) return text;
  throw notShown(`its ${key} has over ${LONGEST_LABEL} characters`);
}

function bytesOf(base64: string): number {
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  return Math.floor((base64.length * 3) / 4) - padding;
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
