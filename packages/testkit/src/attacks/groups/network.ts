import type { Attack } from "../attack.ts";

const attack = (
  id: string,
  title: string,
  rest: Pick<Attack, "javascript" | "python" | "limits" | "ends"> & { realm?: boolean },
): Attack => {
  const { realm, ...payloads } = rest;
  return { id: `network-${id}`, group: "network", title, breakout: realm !== true, ...payloads };
};

const tcp = (address: string): Pick<Attack, "javascript" | "python"> => ({
  javascript: `return settled((done) => { const socket = sys.net.connect({ ...${address}, timeout: 700 }); socket.on("connect", () => socket.end("GET / " + T.nonce)); socket.on("data", (data) => done(String(data))); socket.on("error", (error) => done("refused: " + error.code)); })`,
});

const ROUTES = (hosts: string): string =>
  `const found = []; for (const host of ${hosts}) found.push(await settled((done) => { const socket = sys.dgram.createSocket("udp4"); socket.on("error", (error) => done(error.code)); socket.connect(80, host, (error) => { done(error?.code ?? "a way"); socket.close(); }); }, 250));
      return found.includes("a way") ? { reached: "a way to other machines" } : found`;
const PYTHON_ROUTES = (hosts: string): string => `
      def go(host):
          with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s: s.connect((host, 80))
          return "a way"
      found = [attempt(go, host) for host in ${hosts}]
      return {"reached": "a way to other machines"} if "a way" in found else found`;

/** Programs that reach for a network. */
export const NETWORK_ATTACKS: readonly Attack[] = [
  attack("tcp-loopback", "TCP to the host on its loopback", {
    ...tcp(`{ host: "127.0.0.1", port: T.tcpPort }`),
    python: `
      def go():
          with socket.create_connection(("127.0.0.1", T["tcpPort"]), 1) as s:
              s.sendall(("GET / " + T["nonce"]).encode())
              return s.recv(100).decode()
      return attempt(go)`,
  }),
  attack("tcp-addresses", "TCP to every address of the host and to gateways", {
    javascript: `const found = []; for (const host of [...T.addresses, "172.17.0.1", "10.0.2.2", "host.docker.internal"]) found.push(await settled((done) => { const socket = sys.net.connect({ host, port: T.tcpPort }); socket.on("connect", () => socket.end(T.nonce)); socket.on("data", (data) => done(String(data))); socket.on("error", (error) => done(error.code)); }, 250)); return found`,
    python: `
      def go(host):
          with socket.create_connection((host, T["tcpPort"]), 0.25) as s:
              s.sendall(T["nonce"].encode())
              return s.recv(100).decode()
      return [attempt(go, host) for host in T["addresses"] + ["172.17.0.1", "10.0.2.2"]]`,
  }),
  attack("tcp-ipv6", "TCP over IPv6, loopback and link-local", {
    ...tcp(`{ host: "::1", port: T.tcpPort }`),
    python: `
      def go(host):
          with socket.socket(socket.AF_INET6) as s:
              s.settimeout(0.5)
              s.connect((host, T["tcpPort"]))
              s.sendall(T["nonce"].encode())
              return s.recv(100).decode()
      return [attempt(go, host) for host in ("::1", "::ffff:127.0.0.1", "fe80::1%lo")]`,
  }),
  attack("udp", "UDP to the host", {
    javascript: `return settled((done) => { const socket = sys.dgram.createSocket("udp4"); socket.on("error", (error) => done("refused: " + error.code)); socket.send(T.nonce, T.udpPort, "127.0.0.1", (error) => done(error ? "refused: " + error.code : "sent")); })`,
    python: `
      def go():
          with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
              return [s.sendto(T["nonce"].encode(), (host, T["udpPort"])) for host in T["addresses"]]
      return attempt(go)`,
  }),
  attack("dns", "A secret in a name that is looked up", {
    javascript: `const dns = sys.load("node:dns"); const resolver = new dns.Resolver({ timeout: 300, tries: 1 }); attempt(() => resolver.setServers(["127.0.0.1:" + T.udpPort]));
      return settled((done) => resolver.resolve4(T.nonce + "example.test", (error) => done(error?.code ?? "answered")))`,
    python: `
      def go():
          name = b"".join(bytes([len(part)]) + part.encode() for part in (T["nonce"][:60], "test"))
          query = b"\\x12\\x34\\x01\\x00\\x00\\x01\\x00\\x00\\x00\\x00\\x00\\x00" + name + b"\\x00\\x00\\x01\\x00\\x01"
          with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s: s.sendto(query, ("127.0.0.1", T["udpPort"]))
          return "sent"
      return [attempt(go), attempt(socket.gethostbyname, "example.com")]`,
  }),
  // A datagram socket that is connected sends nothing: it only tells whether there is a way.
  attack("metadata", "A way to the metadata service of a cloud", {
    javascript: ROUTES('["169.254.169.254", "100.100.100.200", "10.0.0.1"]'),
    python: PYTHON_ROUTES('("169.254.169.254", "100.100.100.200", "10.0.0.1")'),
  }),
  attack("public", "A way to the internet", {
    javascript: ROUTES('["1.1.1.1", "192.0.2.1", "203.0.113.7"]'),
    python: PYTHON_ROUTES('("1.1.1.1", "192.0.2.1", "203.0.113.7")'),
  }),
  attack("unix-path", "A Unix socket of the host by its path", {
    ...tcp(`{ path: T.unixPath }`),
    python: `
      def go():
          with socket.socket(socket.AF_UNIX) as s:
              s.connect(T["unixPath"])
              s.sendall(T["nonce"].encode())
              return s.recv(100).decode()
      return attempt(go)`,
  }),
  attack("unix-abstract", "An abstract Unix socket of the host", {
    ...tcp(`{ path: "\\0" + T.abstractName }`),
    python: `
      def go():
          with socket.socket(socket.AF_UNIX) as s:
              s.connect("\\0" + T["abstractName"])
              s.sendall(T["nonce"].encode())
              return s.recv(100).decode()
      return attempt(go)`,
  }),
  attack("daemon-sockets", "Sockets of daemons: Docker, containerd, D-Bus, systemd, an SSH agent", {
    javascript: `const paths = ["/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock", "/run/dbus/system_bus_socket", "/run/systemd/private", "/run/podman/podman.sock", sys.process.env.SSH_AUTH_SOCK, sys.process.env.DOCKER_HOST?.replace("unix://", "")].filter(Boolean);
      const found = []; for (const path of paths) if (await settled((done) => { const socket = sys.net.connect(path); socket.on("connect", () => { socket.destroy(); done("connected"); }); socket.on("error", (error) => done(error.code)); }, 200) === "connected") found.push(path);
      return found.length > 0 ? { reached: found } : "refused"`,
    python: `
      found = []
      for path in ("/var/run/docker.sock", "/run/containerd/containerd.sock", "/run/dbus/system_bus_socket", "/run/systemd/private", os.environ.get("SSH_AUTH_SOCK") or "/none"):
          s = attempt(socket.socket, socket.AF_UNIX)
          if not isinstance(s, str) and attempt(s.connect, path) is None: found.append(path)
      return {"reached": found} if found else "refused"`,
  }),
  attack("listen", "A socket that listens for the outside", {
    javascript: `const server = sys.net.createServer((socket) => socket.end("hello")); const port = await settled((done) => { server.on("error", (error) => done(error.code)); server.listen(0, "0.0.0.0", () => done(server.address().port)); });
      if (typeof port === "number") await fixture.listening(port); return port`,
    python: `
      kept = []
      def go():
          s = socket.socket()
          kept.append(s)
          s.bind(("0.0.0.0", 0))
          s.listen()
          return s.getsockname()[1]
      port = attempt(go)
      if isinstance(port, int): await fixture.listening(port)
      return port`,
  }),
  attack("raw", "Raw, packet and ICMP sockets", {
    javascript: `return [spawn("ping", "-c1", "-W1", "127.0.0.1").status === 0 ? "answered" : "refused"]`,
    python: `
      found = []
      for family, kind, protocol in ((2, 3, 1), (2, 3, 255), (17, 3, 0x300), (10, 3, 58)):
          s = attempt(socket.socket, family, kind, protocol)
          if isinstance(s, str): continue
          sent = attempt(s.sendto, b"\\x08\\x00\\xf7\\xff\\x00\\x00\\x00\\x00", ("127.0.0.1", 0)) if family == 2 else "made"
          found.append([family, str(sent)])
      return found`,
  }),
  attack("netlink", "The kernel's network configuration", {
    javascript: `const names = Object.keys(attempt(() => sys.os.networkInterfaces())); const others = names.filter((name) => name !== "lo" && !/^\\d+$/.test(name)); return others.length > 0 ? onHost(others) : names`,
    python: `
      s = attempt(socket.socket, 16, 3, 0)
      names = [name for _, name in attempt(socket.if_nameindex)] if not isinstance(attempt(socket.if_nameindex), str) else []
      others = [name for name in names if name not in ("lo",) and not name.startswith(("tunl", "sit", "ip6", "gre", "erspan", "ip_vti"))]
      return on_host(others) if others else [str(s)[:40], names]`,
  }),
  attack(
    "odd-families",
    "Families of sockets that few have looked at: VSOCK, AF_ALG, CAN, Bluetooth, TIPC, XDP",
    {
      python: `
      made = {}
      for family in range(3, 46):
          for kind in (1, 2, 3, 5):
              s = attempt(socket.socket, family, kind, 0)
              if not isinstance(s, str): made.setdefault(family, []).append(kind)
      reached = []
      if 40 in made:
          s = socket.socket(40, 1, 0)
          s.settimeout(0.3)
          for cid in (0, 1, 2):
              for port in (22, 111, 1024, 5000):
                  if attempt(s.connect, (cid, port)) is None: reached.append([cid, port])
      return {"reached": reached} if reached else list(made)`,
    },
  ),
  attack("fetch", "The functions of the web platform", {
    realm: true,
    javascript: `const names = ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "WebTransport", "Worker", "importScripts", "navigator", "Deno", "Bun", "require", "std", "os"].filter((name) => globalThis[name] !== undefined);
      if (globalThis.fetch) await Promise.race([fetch("http://127.0.0.1:" + T.tcpPort + "/" + T.nonce).catch(() => 0), new Promise((resolve) => setTimeout(resolve, 500))]);
      return names`,
  }),
  attack("fetch-outside", "fetch and WebSocket, outside of the realm", {
    javascript: `const url = "127.0.0.1:" + T.tcpPort + "/" + T.nonce;
      attempt(() => new sys.global.WebSocket("ws://" + url).addEventListener("error", () => 0));
      return settled((done) => sys.global.fetch("http://" + url).then(() => done("answered"), (error) => done("refused: " + (error.cause?.code ?? error.message))))`,
    python: `
      import urllib.request
      return attempt(lambda: urllib.request.urlopen("http://127.0.0.1:%d/%s" % (T["tcpPort"], T["nonce"]), timeout=1).read(50))`,
  }),
  attack("descriptors", "Sockets that the host left open", {
    javascript: `const found = []; for (let fd = 3; fd < 64; fd++) attempt(() => { if (sys.fs.fstatSync(fd).isSocket()) { sys.fs.writeSync(fd, T.nonce); found.push(fd); } }); return found`,
    python: `
      found = []
      import stat
      for fd in range(3, 64):
          if attempt(lambda: stat.S_ISSOCK(os.fstat(fd).st_mode)) is True:
              attempt(os.write, fd, T["nonce"].encode())
              found.append(fd)
      return found`,
  }),
  attack("tunnel", "A network device of its own", {
    javascript: `return ["/dev/net/tun", "/dev/vhost-net", "/dev/vhost-vsock", "/dev/ppp"].map((path) => attempt(() => { sys.fs.openSync(path, "r+"); return "opened"; })).includes("opened") ? onHost("a network device") : "refused"`,
    python: `
      found = [path for path in ("/dev/net/tun", "/dev/vhost-net", "/dev/vhost-vsock") if isinstance(attempt(os.open, path, os.O_RDWR), int)]
      return on_host(found) if found else "refused"`,
  }),
];
