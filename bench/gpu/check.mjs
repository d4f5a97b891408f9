// Checks the card's results: functions, NaN and infinities, every op, whole programs, and training steps against the
// processor's.
import "../../test/webgpu/inside/functions.gpu.ts";
import "../../test/webgpu/inside/ops.gpu.ts";
import "../../test/webgpu/inside/programs.gpu.ts";
import { SMALL, say } from "./time.mjs";
import { runTests } from "./vitest.mjs";

const start = performance.now();
const result = await runTests(SMALL ? 40 : 65, (failure) => say({ section: "check", ...failure }));
say({ section: "checked", ...result, seconds: (performance.now() - start) / 1000 });
process.exit(result.failed > 0 ? 1 : 0);
