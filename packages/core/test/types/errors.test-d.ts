import { ERROR_CODES, OptimizerError, type ErrorCode, type JsonObject } from "@mcp-optimizer/contracts";
import { expectTypeOf } from "vitest";

// A caught value is narrowed by the brand, then by its code.
export function retryAfter(caught: unknown): number | undefined {
  // @ts-expect-error Anything may be thrown.
  void caught.code;
  if (!OptimizerError.is(caught)) {
    expectTypeOf(caught).toBeUnknown();
    return undefined;
  }
  expectTypeOf(caught).toEqualTypeOf<OptimizerError>();
  expectTypeOf(caught.code).toEqualTypeOf<ErrorCode>();
  expectTypeOf(caught.status).toBeNumber();
  expectTypeOf(caught.data).toEqualTypeOf<JsonObject | undefined>();
  switch (caught.code) {
    case "rate_limit":
    case "concurrency_limit":
      expectTypeOf(caught.code).toEqualTypeOf<"rate_limit" | "concurrency_limit">();
      return Number(caught.data?.["retryAfterMs"]);
    // @ts-expect-error A code that there is not.
    case "too_many_requests":
      return 0;
    default:
      expectTypeOf(caught.code).toEqualTypeOf<Exclude<ErrorCode, "rate_limit" | "concurrency_limit">>();
      return undefined;
  }
}

// @ts-expect-error A code that there is not.
void new OptimizerError("not_allowed");
// @ts-expect-error What leaves the process is plain data.
void new OptimizerError("internal", { data: { at: new Date() } });
// @ts-expect-error An error is not to be changed.
new OptimizerError("internal").code = "timeout";
void new OptimizerError("internal", { detail: "words", data: { at: 1 }, cause: new Error("why") });

expectTypeOf<keyof typeof ERROR_CODES>().toEqualTypeOf<ErrorCode>();
expectTypeOf(ERROR_CODES.timeout.actor).toEqualTypeOf<"caller" | "operator" | "us">();
// @ts-expect-error The table is not to be changed.
ERROR_CODES.timeout = ERROR_CODES.internal;
