export { ensureDebianPackages } from "./ensure-debian-packages.ts";
export { ensureGuestKernel, type InstalledKernel } from "./ensure-guest-kernel.ts";
export { orReason, type ServiceOrReason } from "./or-reason.ts";
export { ensureKubectl } from "./ensure-kubectl.ts";
export { freePorts } from "./free-port.ts";
export type { PrivateRedisGroup } from "./redis-group.ts";
export type { RedisProcess } from "./redis-process.ts";
export { startInstances, type ServedInstance, type ServedInstances } from "./start-instances.ts";
export { startNginx, type PrivateNginx } from "./start-nginx.ts";
export { startRedis, type PrivateRedis, type RedisServerOptions } from "./start-redis.ts";
export { startRedisCluster } from "./start-redis-cluster.ts";
export { startRedisSentinel } from "./start-redis-sentinel.ts";
export {
  startDockerd,
  type DockerdOptions,
  type DockerdRuntimes,
  type PrivateDockerd,
} from "./start-dockerd.ts";
export {
  startSandboxServices,
  type SandboxServices,
  type ServedSandboxSettings,
} from "./start-sandbox-services.ts";
