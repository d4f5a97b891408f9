import { availableParallelism, totalmem } from "node:os";
import { describe, expect, test } from "vitest";
import { memoryGiven, processorQuota, processors } from "../../packages/tidu/src/runtime/node/machine.js";

/** A file system that has only these files. */
const files = (contents: Record<string, string>) => (path: string) => contents[path];

describe("what control groups give a process", () => {
  const second = (path: string, more: Record<string, string>) =>
    files({ "/proc/self/cgroup": `0::${path}\n`, ...more });

  test("in the second version is the least that its own group and all above it have", () => {
    const read = second("/user/app", {
      "/sys/fs/cgroup/user/app/cpu.max": "max 100000\n",
      "/sys/fs/cgroup/user/cpu.max": "150000 100000\n",
      "/sys/fs/cgroup/user/app/memory.max": "1073741824\n",
      "/sys/fs/cgroup/user/memory.max": "536870912\n",
    });
    expect(processorQuota(read)).toBe(1.5);
    expect(processors(read)).toBe(1);
    expect(memoryGiven(read)).toBe(2 ** 29);
  });

  test("inside a container lies at the root", () => {
    const read = second("/", { "/sys/fs/cgroup/cpu.max": "50000 100000", "/sys/fs/cgroup/memory.max": "max" });
    expect(processorQuota(read)).toBe(0.5);
    expect(processors(read)).toBe(1);
    expect(memoryGiven(read)).toBe(totalmem());
  });

  test("in the first version is said by a folder for each controller", () => {
    const read = files({
      "/proc/self/cgroup": "11:memory:/box\n4:cpu,cpuacct:/box\n0::/\n",
      "/sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_quota_us": "200000\n",
      "/sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_period_us": "100000\n",
      "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
      "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
      "/sys/fs/cgroup/memory/box/memory.limit_in_bytes": "268435456\n",
      "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
    });
    expect(processorQuota(read)).toBe(2);
    expect(memoryGiven(read)).toBe(2 ** 28);
  });

  test("is all that the machine has where there are none", () => {
    const none = files({});
    expect(processorQuota(none)).toBe(Number.POSITIVE_INFINITY);
    expect(processors(none)).toBe(availableParallelism());
    expect(memoryGiven(none)).toBe(totalmem());
  });
});
