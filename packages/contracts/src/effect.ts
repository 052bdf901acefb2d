/** What a tool does to the world: nothing, adds or changes, takes away or overwrites, or nobody says. */
export type Effect = "read" | "write" | "destructive" | "unknown";
