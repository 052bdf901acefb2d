import { CodeModeUtcpClient } from "@utcp/code-mode";
import {
  CallTemplateSerializer,
  CommunicationProtocol,
  Serializer,
  type CallTemplate,
  type RegisterManualResult,
  type Tool,
} from "@utcp/sdk";
import type { Contestant } from "../contestant.ts";
import { answer, SEQUENTIAL } from "../script.ts";

const PROTOCOL = "in_process";

/** Tools in this process, so that its sandbox is measured and no server. */
class InProcessProtocol extends CommunicationProtocol {
  async registerManual(_caller: unknown, manualCallTemplate: CallTemplate): Promise<RegisterManualResult> {
    const object = { type: "object" as const };
    const tool = {
      name: "part",
      description: "Gives a part.",
      inputs: { ...object, properties: { id: { type: "number" } }, required: ["id"] },
      outputs: object,
      tags: [],
      tool_call_template: manualCallTemplate,
    } as Tool;
    const manual = { utcp_version: "1.1.0", manual_version: "1.0.0", tools: [tool] };
    return { manualCallTemplate, manual, success: true, errors: [] };
  }
  async deregisterManual(): Promise<void> {
    // Nothing to close.
  }
  async callTool(_caller: unknown, _name: string, args: { id: number }): Promise<unknown> {
    return answer(args.id);
  }
  // eslint-disable-next-line require-yield
  async *callToolStreaming(): AsyncGenerator<unknown, void, unknown> {
    throw new Error("The script does not stream.");
  }
}

class PlainSerializer extends Serializer<CallTemplate> {
  toDict(template: CallTemplate): Record<string, unknown> {
    return template;
  }
  validateDict(template: Record<string, unknown>): CallTemplate {
    return template as CallTemplate;
  }
}

/** `@utcp/code-mode` with a tool in this process. Its calls block, so that they go one after another. */
export async function openUtcpCodeMode(): Promise<Contestant> {
  silenceItsLog();
  CallTemplateSerializer.registerCallTemplate(PROTOCOL, new PlainSerializer());
  CommunicationProtocol.communicationProtocols[PROTOCOL] = new InProcessProtocol();
  const client = await CodeModeUtcpClient.create();
  await client.registerManual({ name: "host", call_template_type: PROTOCOL });
  return {
    inFlight: 8,
    run: async () => {
      const { result, logs } = await client.callToolChain(SEQUENTIAL);
      if (result === null) {
        throw new Error(logs.join("\n"));
      }
      return result;
    },
    close: () => client.close(),
  };
}

/** It writes each call to stdout; its figures are better without. */
export function silenceItsLog(): void {
  console.log = () => undefined;
  console.warn = () => undefined;
}
