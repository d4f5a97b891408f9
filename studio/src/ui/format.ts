// How the pages write numbers: the way of the report and of the experiments.
export {
  formatCompact,
  formatCount,
  formatExact,
  formatFigures,
  formatFixed,
  formatNumber,
  formatPercent,
  formatRounded,
  numberFrom,
  powerOfTen,
} from "../../../packages/cli/src/text/numbers.js";
