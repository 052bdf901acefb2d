import { createQemuLauncher } from "@mcp-optimizer/sandbox-firecracker";
import { EVAL_AGENTS, openEvalGuest } from "@mcp-optimizer/testkit";
const l = createQemuLauncher({ kernel: { image: "/tmp/vm-spike/k/boot/vmlinuz-6.1.0-56-cloud-amd64", modules: "/tmp/vm-spike/k/lib/modules" }, cacheFolder: "/tmp/vm-spike/cache" });
const res = { cpuMs: 60000, memoryBytes: 256<<20, diskBytes: 32<<20, processes: 50, fileHandles: 100 };
setTimeout(()=>{console.log("DISPOSE");l.dispose()},45000).unref();
const t0=performance.now(); const T=()=>Math.round(performance.now()-t0);
let g = await openEvalGuest(await l.launch({...EVAL_AGENTS.javascript, clonable:true}, res)); console.log("open",T());
for (const n of [10000,100000,400000]) { for (const [k,u] of [["ascii","abcd"],["uni","é\u2028ab"]]) { const text=u!.repeat(n/4); let a=T(); let r=await g.ask(`return ${JSON.stringify(text)}.length`); console.log(n,k, "in", r.value, T()-a);
 a=T(); r=await g.ask(`return ${JSON.stringify(u)}.repeat(${n/4})`); console.log(n,k, "out", (r.value as string).length, T()-a); }}
console.log(await g.channel.usage());
await g.channel.kill();
g = await openEvalGuest(await l.launch({...EVAL_AGENTS.javascript, clonable:true}, res)); console.log("open",T());
const stay = `const stay = "for (const one of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.on(one, () => {}); setInterval(() => {}, 1e6)";
    const child = children.spawn("node", ["-e", stay], { detached: true, stdio: "ignore" });
    await new Promise((resolve, reject) => child.on("spawn", resolve).on("error", reject));
    child.unref();`;
if (process.argv[2]) console.log(await g.ask(stay),T());
console.log(await g.ask(`process.stderr.write("last words\\n"); process.exit(3)`),T());
await l.dispose();
