import type { Clock } from "@mcp-optimizer/contracts";

/** Begins a script: `now` is its first argument, in milliseconds since the epoch, or Redis's own time where that is empty. */
export const SCRIPT_NOW: string = `
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
`;

/** The first argument of a script that begins with {@link SCRIPT_NOW}. Without a clock all processes have the same time: that of Redis. */
export const scriptTime = (clock: Pick<Clock, "now"> | undefined): string =>
  clock === undefined ? "" : String(Math.floor(clock.now()));
