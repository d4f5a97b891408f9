import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { presets } from "../../packages/cli/src/cli/models/presets.js";
import { DATA_CHOICES } from "../../packages/cli/src/cli/run/config.js";
import { TRAINING_SETTINGS } from "../../packages/cli/src/cli/run/schema.js";
import { METRICS } from "../../packages/cli/src/cli/run/score.js";
import { SETTING_NAMES } from "../../packages/cli/src/runs/setting-names.js";
import { settingValue, VALUE_NAMES } from "../../packages/cli/src/runs/setting-values.js";
import { TABLE_FORMS } from "../../packages/cli/src/sources/tables/forms.js";
import { augmentationForms } from "../../packages/tidu/src/augment/parse.js";
import { LANGUAGES } from "../../studio/src/i18n/language.js";
import { type Phrase, type Text, t } from "../../studio/src/i18n/words.js";

const SOURCE = fileURLToPath(new URL("../../studio/src", import.meta.url));
const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".words.ts"));

/** Gaps are filled by numbers or texts; a number does for both. */
const said = (text: Text | Phrase<never>, language: (typeof LANGUAGES)[number]): string => {
  const own = text[language] as string | ((...gaps: number[]) => string);
  return typeof own === "string" ? own : own(1, 2, 3, 4);
};

test("there are catalogs of texts", () => {
  expect(files.length).toBeGreaterThanOrEqual(3);
});

describe.each(files)("%s", (file) => {
  test("has every text in every language, with the same gaps", async () => {
    const catalogue: Record<string, Text | Phrase<never>> = (await import(join(SOURCE, file))).default;
    expect(Object.keys(catalogue).length).toBeGreaterThan(0);
    for (const [name, text] of Object.entries(catalogue)) {
      expect(Object.keys(text).sort(), name).toEqual([...LANGUAGES].sort());
      for (const language of LANGUAGES) expect(said(text, language).trim(), `${name}, ${language}`).not.toBe("");
      expect(text.zh.length === text.en.length || typeof text.en === "string", `gaps of ${name}`).toBe(true);
      // A text without Chinese letters is a name that both languages share.
      if (!/\p{Script=Han}/u.test(said(text, "zh"))) expect(said(text, "zh"), name).toBe(said(text, "en"));
      expect(said(text, "en"), name).not.toMatch(/\p{Script=Han}/u);
    }
  });
});

test("every setting that a run's config.json may have is named in both languages", () => {
  const names = Object.keys(SETTING_NAMES);
  for (const key of DATA_CHOICES) expect(names).toContain(`data.options.${key}`);
  for (const key of TRAINING_SETTINGS)
    expect(
      names.some((name) => name === `training.${key}` || name.startsWith(`training.${key}.`)),
      key,
    ).toBe(true);
  for (const [name, { en, zh }] of Object.entries(SETTING_NAMES)) {
    expect(en.replace("TensorBoard", ""), name).not.toMatch(/[.]|[a-z][A-Z]/);
    expect(zh, name).toMatch(/\p{Script=Han}/u);
  }
});

test("every word that settings of the command line may have is named in both languages", () => {
  const optimizers = [
    "sgd:momentum=0.9,dampening=0,weightDecay=0,nesterov",
    "adam:eps=1,amsgrad",
    "adamw",
    "rmsprop:alpha=0.9,centered",
  ];
  const words: [path: string, values: readonly string[]][] = [
    ["training.metric", Object.keys(METRICS)],
    ["training.optimizer", optimizers],
    ["training.loss", ["cross-entropy:smoothing=0.1", "mse", "mae", "huber:delta=0.5"]],
    [
      "training.schedule",
      [
        "linear:to=0",
        "cosine:min=0",
        "step:every=10,gamma=0.5",
        "exponential:gamma=0.9",
        "warmup:epochs=3,from=0.1",
        "plateau:factor=0.1,patience=5",
      ],
    ],
    ["training.augment", ["none", ...augmentationForms().map((form) => form.split(/[:[]/)[0])]],
    ["training.device", ["auto", "wasm", "native", "webgpu"]],
    ["model.name", Object.keys(presets)],
    ["data.kind", ["mnist", "images", "idx", "npy", ...TABLE_FORMS]],
    ["data.options.kind", ["mnist", "images", "idx", "npy", ...TABLE_FORMS]],
    ["data.task", ["classification", "regression"]],
    ["data.options.task", ["classification", "regression"]],
    ["data.options.fit", ["stretch", "letterbox", "crop"]],
    ["data.options.dateOrder", ["ymd", "dmy", "mdy"]],
  ];
  // Whatever the schema allows as one of some words has names.
  expect(Object.keys(VALUE_NAMES).sort()).toEqual(words.map(([path]) => path).sort());
  for (const [path, values] of words) {
    const known = Object.keys(VALUE_NAMES[path]);
    expect(known.sort(), path).toEqual(values.map((value) => value.split(":")[0]).sort());
    for (const value of values) {
      const { en, zh } = settingValue(path, value);
      expect(en, `${path} ${value}`).not.toMatch(/[:=]|[a-z]{4}[A-Z]/);
      if (!/\p{Script=Han}/u.test(zh)) expect(zh, value).toBe(en.replaceAll(", ", "，"));
    }
  }
  expect(settingValue("training.optimizer", "sgd:momentum=0.9,nesterov")).toEqual({
    en: "SGD, momentum 0.9, Nesterov",
    zh: "SGD，动量 0.9，Nesterov",
  });
  expect(settingValue("training.augment", "shift:2:p=0.5,flip").en).toBe("shift 2, p 0.5, flip");
  expect(settingValue("model.name", "my-net.ts").zh).toBe("my-net.ts");
});

test("t gives the text of the language that is chosen, with its gaps filled", () => {
  expect(t({ en: "yes", zh: "是" })).toBe("yes");
  expect(t({ en: (n: number) => `epoch ${n}`, zh: (n: number) => `第 ${n} 轮` }, 3)).toBe("epoch 3");
});
