import { OptimizerCommand } from "../../optimizer-command.ts";

export class SessionsCleanup extends OptimizerCommand {
  static override summary = "End the sessions that have expired";
  static override description: string =
    "Servers do so every minute by themselves. What programs kept in them is cleared, and they are written to the archive, where one is set.";
  static override examples: string[] = ["<%= config.bin %> sessions cleanup"];

  async run(): Promise<{ readonly ended: number }> {
    const { flags } = await this.parse(SessionsCleanup);
    const { openConfiguredSessions } = await import("../../open-configured-sessions.ts");
    await using opened = await openConfiguredSessions(flags, this.stderrLog(flags));
    const ended = await opened.sessions.cleanupExpired();
    if (!this.jsonEnabled()) this.out(`Ended ${ended} ${ended === 1 ? "session" : "sessions"}`);
    return { ended };
  }
}
