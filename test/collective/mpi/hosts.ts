// Two hosts on one machine: network namespaces with a cable between them, entered by an agent script in the place of ssh.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Job, type Launcher } from "./jobs.js";

const AGENT = fileURLToPath(new URL("./agent.sh", import.meta.url));
const ip = (...args: readonly string[]): string => execFileSync("ip", args, { encoding: "utf8", stdio: "pipe" });

/** Why there can be no such hosts here; undefined where there can. */
export function whyNoHosts(): string | undefined {
  const name = `tidu-try-${process.pid}`;
  try {
    ip("netns", "add", name);
    ip("netns", "del", name);
    return undefined;
  } catch (error) {
    return (error as Error).message.trim().split("\n").join(": ");
  }
}

/** What each launcher needs to be told to reach the hosts, and to see that one is out of reach. */
const TOLD: Record<string, { args: (slots: number) => string[]; env: NodeJS.ProcessEnv }> = {
  "Open MPI": {
    args: (slots) => [
      ...["--mca", "plm_rsh_agent", AGENT, "--host", `10.77.0.1:${slots},10.77.0.2:${slots}`],
      ...["--mca", "btl", "tcp,self", "--mca", "btl_tcp_if_include", "eth0", "--mca", "oob_tcp_if_include", "eth0"],
      ...["--mca", "oob_tcp_keepalive_time", "2", "--mca", "oob_tcp_keepalive_intvl", "1"],
      ...["--mca", "oob_tcp_keepalive_probes", "3"],
    ],
    env: {},
  },
  MPICH: {
    args: (slots) => [
      ...["-launcher", "ssh", "-launcher-exec", AGENT, "-iface", "eth0"],
      ...["-hosts", `10.77.0.1:${slots},10.77.0.2:${slots}`],
    ],
    // It would use the memory that both hosts really share.
    env: { UCX_TLS: "tcp,self", UCX_NET_DEVICES: "eth0" },
  },
};

export class Hosts {
  readonly #start = `tidu${process.pid}`;
  readonly names: readonly string[] = ["a", "b"].map((end) => `${this.#start}${end}`);

  constructor() {
    const [a, b] = this.names;
    for (const name of this.names) ip("netns", "add", name);
    ip("link", "add", "eth0", "netns", a, "type", "veth", "peer", "name", "eth0", "netns", b);
    this.names.forEach((name, i) => {
      ip("-n", name, "addr", "add", `10.77.0.${i + 1}/24`, "dev", "eth0");
      for (const device of ["lo", "eth0"]) ip("-n", name, "link", "set", device, "up");
      // So long a launcher believes in a connection that does not answer.
      execFileSync("ip", ["netns", "exec", name, "sysctl", "-qw", "net.ipv4.tcp_retries2=3"]);
    });
    // UCX does not see a device before it has a carrier.
    while (this.names.some((name) => !/ UP /.test(ip("-n", name, "-br", "link", "show", "eth0"))));
  }

  /** Runs node in several processes on both, by a launcher on the first. */
  run({ name, command }: Launcher, processes: number, ...args: readonly string[]): Job {
    const [first] = this.names;
    const told = TOLD[name];
    const all = [...command, ...told.args(Math.ceil(processes / 2)), "-np", String(processes)];
    const enter = ["ip", "netns", "exec", first, "unshare", "--uts", "bash", "-c", `hostname ${first}; exec "$@"`, "-"];
    return new Job([...enter, ...all, process.execPath, ...args], {
      env: { ...told.env, TIDU_HOSTS: this.#start },
    });
  }

  /** Takes the cable out. */
  cut(): void {
    ip("-n", this.names[0], "link", "set", "eth0", "down");
  }

  /** The processes of a host. */
  processes(name: string): number[] {
    return ip("netns", "pids", name).split("\n").filter(Boolean).map(Number);
  }

  /** Takes them down, with all that runs there. */
  close(): void {
    for (const name of this.names) {
      for (const id of this.processes(name)) {
        try {
          process.kill(id, "SIGKILL");
        } catch {}
      }
      ip("netns", "del", name);
    }
  }
}
