// Checks that the program that makes a run's network was written by this user. A run's folder may come from anywhere,
// and making its network runs that program.
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { Option } from "commander";
import { ArgumentError } from "tidu";
import type { ModelRecord } from "./record.js";

/** Where this user's key is kept: XDG's folder for configuration, or that of Windows. */
const keyFile = (): string =>
  join(process.env.XDG_CONFIG_HOME || process.env.APPDATA || join(homedir(), ".config"), "tidu", "run-key");

async function existingKey(): Promise<Buffer | undefined> {
  try {
    const key = Buffer.from(await readFile(keyFile(), "utf8"), "hex");
    return key.length === 32 ? key : undefined;
  } catch {
    return undefined;
  }
}

/** This user's key, made if there is none; undefined if it cannot be stored. */
async function ownKey(): Promise<Buffer | undefined> {
  const found = await existingKey();
  if (found !== undefined) return found;
  try {
    await mkdir(dirname(keyFile()), { recursive: true });
    await writeFile(keyFile(), randomBytes(32).toString("hex"), { mode: 0o600, flag: "wx" });
  } catch {
    // Another process was faster, or the folder cannot be written.
  }
  return existingKey();
}

/**
 * A code that only the owner of the key can make (HMAC with SHA-256, RFC 2104), of everything that decides what is run.
 */
const codeOf = (key: Buffer, { name, path, source, files }: ModelRecord): Buffer =>
  createHmac("sha256", key)
    .update(JSON.stringify([name, path, source, Object.entries(files ?? {}).sort()]))
    .digest();

/** A record with its signature. */
export async function sign(model: ModelRecord): Promise<ModelRecord> {
  const key = await ownKey();
  return key === undefined ? model : { ...model, signature: codeOf(key, model).toString("hex") };
}

async function isOwn(model: ModelRecord): Promise<boolean> {
  const [key, signature] = [await existingKey(), Buffer.from(model.signature ?? "", "hex")];
  if (key === undefined) return false;
  const code = codeOf(key, model);
  return signature.length === code.length && timingSafeEqual(signature, code);
}

/** `--trust`. */
export const trustOption = (): Option =>
  new Option("--trust", "run the model file of a run that was trained elsewhere; it is a program, so read it first");

/**
 * Throws ArgumentError for a run whose network is made by a program that this user did not write here, unless a person
 * says that it may run.
 *
 * @param toTrust how the user allows it, for the message.
 */
export async function checkTrust(model: ModelRecord, run: string, trust = false, toTrust = "--trust"): Promise<void> {
  if (trust || model.source === undefined || (await isOwn(model))) return;
  throw new ArgumentError(
    `${run}: its network is made by a program, ${model.name}, which you did not write on this machine; read it ("model" in config.json), and give ${toTrust} to run it`,
  );
}
