import { connectUpstreams, type UpstreamConfig } from "../src/index.ts";

// Connects to the server of its argument, says so, and waits to be killed.
const config = JSON.parse(process.argv[2]!) as UpstreamConfig;
const upstreams = connectUpstreams([config], { log: () => {} });
await upstreams.settled();
process.stdout.write(`${upstreams.providers[0]!.status.state}\n`);
