import { createStaticTokens, newStaticToken } from "@mcp-optimizer/server";
import type { JsonObject } from "@mcp-optimizer/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { startHttp } from "../fixtures/http-server.ts";
import { createManualClock } from "../fixtures/manual-clock.ts";
import { legacy, modern } from "../fixtures/messages.ts";
import { PATIENT } from "../fixtures/patient.ts";
import { modernHeaders, openSession, send } from "../fixtures/raw-http.ts";
import { TASK_CAPABILITIES } from "../fixtures/task-port.ts";
import { createFragileState } from "../fixtures/shared-state.ts";
import { createTaskSource } from "../fixtures/task-source.ts";

const CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities";

/** Two of one tenant, one of another who has the same name there, and one who is called as the first tenant is. */
const WHO = [
  { name: "ada", tenant: "team", principal: "ada" },
  { name: "bob", tenant: "team", principal: "bob" },
  { name: "eve", tenant: "other", principal: "ada" },
  { name: "mal", tenant: "ada", principal: "team" },
].map((one) => ({ ...one, ...newStaticToken() }));

test.each([{ processes: 1 }, { processes: 2 }])(
  "nobody reaches another's session or task, by any request, whoever of a tenant it is, at any of $processes",
  async ({ processes }) => {
    const clock = createManualClock();
    const source = createTaskSource(undefined, clock);
    const verifiers = [createStaticTokens(WHO.map(({ token: _token, ...kept }) => kept))];
    const shared = processes === 1 ? {} : { shared: createFragileState(clock) };
    const urls: string[] = [];
    while (urls.length < processes) {
      urls.push((await startHttp({ clock, auth: { verifiers }, ...shared }, source)).url);
    }
    let asked = 0;
    const next = (): string => urls[(asked += 1) % processes]!;
    const bearer = (who: number): Record<string, string> => ({ authorization: `Bearer ${WHO[who]!.token}` });
    const ask = async (who: number, method: string, params: JsonObject): Promise<JsonObject> => {
      const named = (params["taskId"] ?? params["name"]) as string;
      const body = JSON.stringify(modern(1, method, params, { [CAPABILITIES_KEY]: TASK_CAPABILITIES }));
      return (await send(next(), { headers: { ...modernHeaders(method, named), ...bearer(who) }, body }))
        .json!;
    };
    const sessions: Record<string, string>[] = [];
    const tasks: string[] = [];
    for (const who of WHO.keys()) {
      sessions.push(await openSession(next(), bearer(who)));
      const before = source.started;
      const answer = ask(who, "tools/call", { name: "work", arguments: {} });
      await expect.poll(() => source.started, PATIENT).toBeGreaterThan(before);
      clock.advance(10_000);
      tasks.push(((await answer)["result"] as { taskId: string }).taskId);
    }

    const index = fc.integer({ min: 0, max: WHO.length - 1 });
    const request = fc.constantFrom(
      "ping",
      "call",
      "cancel",
      "listen",
      "end",
      "tasks/get",
      "tasks/update",
      "tasks/cancel",
    );
    await fc.assert(
      fc.asyncProperty(index, index, request, async (who, whose, what) => {
        fc.pre(who !== whose);
        if (what.startsWith("tasks/")) {
          const answer = await ask(who, what, {
            taskId: tasks[whose]!,
            ...(what === "tasks/update" && { inputResponses: {} }),
          });
          expect(answer).toMatchObject({
            error: { code: -32_602, message: "There is no such task, or it is over." },
          });
          return;
        }
        const headers = { ...sessions[whose]!, ...bearer(who) };
        const messages: Record<string, JsonObject> = {
          ping: legacy(2, "ping"),
          call: legacy(2, "tools/call", { name: "quick", arguments: {} }),
          cancel: { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } },
        };
        const message = messages[what];
        const method = what === "end" ? "DELETE" : what === "listen" ? "GET" : "POST";
        const { status } = await send(next(), {
          method,
          headers,
          ...(message && { body: JSON.stringify(message) }),
        });
        expect(status).toBe(404);
      }),
      { numRuns: 100 },
    );

    for (const who of WHO.keys()) {
      expect(await ask(who, "tasks/get", { taskId: tasks[who]! })).toMatchObject({
        result: { status: "working" },
      });
      const { status } = await send(next(), {
        headers: sessions[who]!,
        body: JSON.stringify(legacy(3, "ping")),
      });
      expect(status).toBe(200);
    }
    expect(source.aborted).toBe(0);
  },
);
