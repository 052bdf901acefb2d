import type {
  ErrorEnvelope,
  ExecutionMode,
  JsonValue,
  ResponseEnvelope,
  SuccessEnvelope,
} from "@mcp-optimizer/contracts";
import { expectTypeOf } from "vitest";
import type { Optimizer } from "../../src/index.ts";

declare const optimizer: Optimizer;

// An envelope is one of two, told apart by what it has.
export async function value(): Promise<JsonValue> {
  const answer = await optimizer.code.executeCode("return 1");
  expectTypeOf(answer).toEqualTypeOf<ResponseEnvelope>();
  // @ts-expect-error There may be no result.
  void answer.result;
  if ("result" in answer) {
    expectTypeOf(answer).toEqualTypeOf<SuccessEnvelope>();
    expectTypeOf(answer.result.status).toEqualTypeOf<"success">();
    expectTypeOf(answer.result.metadata.tokens_used).toBeNumber();
    expectTypeOf(answer.result.metadata.mode).toEqualTypeOf<ExecutionMode>();
    expectTypeOf(answer.result.metadata.route).toEqualTypeOf<"tool" | "code" | "fallback" | undefined>();
    // @ts-expect-error The wire has its own names.
    void answer.result.metadata.tokensUsed;
    return answer.result.data;
  }
  expectTypeOf(answer).toEqualTypeOf<ErrorEnvelope>();
  expectTypeOf(answer.error.code).toBeNumber();
  expectTypeOf(answer.error.data?.code).toEqualTypeOf<string | undefined>();
  throw new Error(answer.error.message);
}

expectTypeOf<ResponseEnvelope["schema"]>().toEqualTypeOf<"https://mcp-optimizer.dev/schemas/response/v2">();
expectTypeOf<ResponseEnvelope["jsonrpc"]>().toEqualTypeOf<"2.0">();
