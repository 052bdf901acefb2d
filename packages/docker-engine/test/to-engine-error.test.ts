import { OptimizerError } from "@mcp-optimizer/contracts";
import { expect, test } from "vitest";
import { createEngineError, engineFault } from "../src/engine-fault.ts";
import { toEngineError } from "../src/to-engine-error.ts";

test.each([
  [{ code: "ENOENT" }, "daemon_missing"],
  [{ code: "ECONNREFUSED" }, "daemon_missing"],
  [{ code: "EACCES" }, "socket_permission"],
  [{ code: "ECONNRESET" }, "daemon_lost"],
  [{ statusCode: 500, message: "write /x: no space left on device" }, "disk_full"],
  [{ statusCode: 404, message: "No such image: x:y" }, "image_missing"],
  [
    { statusCode: 400, message: "Unknown runtime specified: unknown or invalid runtime name: runsc" },
    "runtime_missing",
  ],
  [{ statusCode: 400, message: 'exec: "node": executable file not found in $PATH: unknown' }, "image_unfit"],
  [{ statusCode: 404, message: "No such container: x" }, "not_found"],
  [{ statusCode: 409, message: "removal of container x is already in progress" }, "conflict"],
  [{ statusCode: 500, message: "token=hunter2" }, "failed"],
  [undefined, "failed"],
])("%j is %s", (raw, fault) => {
  const error = toEngineError(raw, "start a container", "/run/docker.sock");
  expect(error.code).toBe("sandbox_unavailable");
  expect(engineFault(error)).toBe(fault);
  expect(error.message).not.toContain("hunter2");
});

test("keeps an error that is one already", () => {
  const error = createEngineError("daemon_lost", "x");
  expect(toEngineError(error, "start a container", "/run/docker.sock")).toBe(error);
});

test("only the engine's errors have a fault", () => {
  expect(engineFault(new OptimizerError("internal"))).toBeUndefined();
  expect(engineFault(new Error("x"))).toBeUndefined();
});
