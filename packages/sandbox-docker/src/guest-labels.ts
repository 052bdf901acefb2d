/** Label of every container that holds a guest; its value is the launcher's name. */
export const SANDBOX_LABEL = "dev.mcp-optimizer.sandbox";
/** Label with the process that started the guest. */
export const OWNER_LABEL = "dev.mcp-optimizer.owner";
