import { words } from "../../i18n/words.js";

/** Units of results, as they are said to readers. */
export default words({
  "%": { en: "%", zh: "%" },
  points: { en: "percentage points", zh: "百分点" },
  pixels: { en: "pixels", zh: "像素" },
  parameters: { en: "parameters", zh: "参数个数" },
  products: { en: "multiplications", zh: "乘法次数" },
  numbers: { en: "numbers", zh: "个数" },
  µs: { en: "µs", zh: "µs" },
});
