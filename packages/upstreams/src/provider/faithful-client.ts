import {
  Client,
  SdkError,
  SdkErrorCode,
  type JSONRPCNotification,
  type JSONRPCResponse,
  type MessageExtraInfo,
  type RequestOptions,
} from "@modelcontextprotocol/client";
import * as z from "zod";

const RAW = "mcp-optimizer/raw";

/** What the SDK gets to see in place of a result: valid for every method that we call, in every era. */
function standInFor(result: object): Record<string, unknown> {
  return {
    resultType: "complete",
    content: [],
    tools: [],
    ttlMs: 0,
    cacheScope: "private",
    _meta: { [RAW]: result },
  };
}

const StandInSchema = z.looseObject({ _meta: z.looseObject({ [RAW]: z.unknown() }).optional() });

/**
 * A client that gives results as the server sent them. The SDK checks those of 2026-07-28 against its own schemas
 * before any schema of ours, drops fields that it does not know, and rejects content blocks that it does not know.
 */
export class FaithfulClient extends Client {
  #progressUnderWay = false;

  /** A request whose result meets only the given schema. */
  async requestRaw<T>(
    method: string,
    params: Record<string, unknown>,
    schema: z.ZodType<T>,
    options: RequestOptions,
  ): Promise<T> {
    const answer = await this.request({ method, params }, StandInSchema, options);
    const { resultType: _wireOnly, ...result } = (answer["_meta"]?.[RAW] ?? answer) as Record<
      string,
      unknown
    >;
    const checked = schema.safeParse(result);
    if (checked.success) return checked.data;
    throw new SdkError(SdkErrorCode.InvalidResult, `Invalid result for ${method}`, { method });
  }

  // oxlint-disable no-underscore-dangle -- the names are the SDK's.
  protected override _onresponse(response: JSONRPCResponse): void {
    const shown = isPlainResult(response) ? { ...response, result: standInFor(response.result) } : response;
    if (this.#progressUnderWay) setImmediate(() => super._onresponse(shown));
    else super._onresponse(shown);
  }

  protected override _onnotification(notification: JSONRPCNotification, extra?: MessageExtraInfo): void {
    super._onnotification(notification, extra);
    if (notification.method !== "notifications/progress" || this.#progressUnderWay) return;
    // The SDK hands progress over some microtasks later, and drops it when its request was answered meanwhile.
    this.#progressUnderWay = true;
    setImmediate(() => {
      this.#progressUnderWay = false;
    });
  }
}

/** Whether a response is a finished result that the SDK itself need not read, as it reads that of `initialize`. */
function isPlainResult(
  response: JSONRPCResponse,
): response is JSONRPCResponse & { result: Record<string, unknown> } {
  if (!("result" in response) || typeof response.id === "string") return false;
  const { result } = response;
  return (
    (result["resultType"] ?? "complete") === "complete" &&
    !("protocolVersion" in result && "serverInfo" in result)
  );
}
