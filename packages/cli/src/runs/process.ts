// Who a process is: its number alone does not tell, since numbers come again.
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** A process that may have ended by now. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** When the process was started, in the system's own count; "" where the system does not tell. */
  readonly process: string;
}

/** This process. */
export const thisProcess = (): ProcessIdentity => ({ pid: process.pid, host: hostname(), process: started("self") });

/**
 * Whether a process is alive; one on another machine is assumed to be.
 *
 * @param brief how the texts of the identity were shortened.
 */
export function isAlive(
  { pid, host, process: start }: ProcessIdentity,
  brief = (text: string): string => text,
): boolean {
  if (host !== brief(hostname())) return true;
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const now = brief(started(String(pid)));
  return start === "" || now === "" || now === start;
}

/** When a process was started: on Linux the boot's name and the clock ticks since; "" elsewhere. */
function started(pid: string): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // After the second field, the program's name in brackets, which may have spaces: the third and the 22nd.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? "ended" : `${boot} ${fields[19]}`;
  } catch {
    return "";
  }
}
