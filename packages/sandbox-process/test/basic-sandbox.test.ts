import { testSandbox } from "@mcp-optimizer/testkit";
import { createBasicSandbox } from "../src/index.ts";

testSandbox({ name: "basic", create: () => createBasicSandbox({ environment: {} }) });
