/** A value that JSON can carry. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;

/** A JSON object. Keys may be missing, so a read gives `undefined` too. */
export interface JsonObject {
  [key: string]: JsonValue | undefined;
}
