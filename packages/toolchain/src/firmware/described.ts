// SPDX-License-Identifier: Apache-2.0
import { ToolchainError } from '../error.js';

/** One of the files that a flash chip is made of. */
interface FlashFile {
  readonly filename: string;
  readonly format: string;
}

/**
 * The part of a firmware descriptor that decides what it can be used for (QEMU, docs/interop/firmware.json).
 * Words that this version of the schema does not know are fine: such firmware merely matches nothing.
 */
export interface Described {
  readonly 'interface-types': readonly string[];
  readonly mapping: {
    readonly device: string;
    /** `split` unless it is said. */
    readonly mode: string;
    readonly executable: FlashFile | undefined;
    readonly 'nvram-template': FlashFile | undefined;
  };
  readonly targets: readonly { readonly architecture: string; readonly machines: readonly string[] }[];
  readonly features: readonly string[];
}

/** Reads a value that JSON gave. @param where the keys and places that lead to it, for the one who mends it */
type Reader<T> = (value: unknown, where: string) => T;

/**
 * Reads what a descriptor says. By hand: a report that finds firmware everywhere it runs would load a library for it.
 * @param value what JSON gave
 * @throws ToolchainError `bad-descriptor`, with what was expected where
 */
export function describedIn(value: unknown): Described {
  const all = table(value, 'descriptor');
  const mapping = table(all.mapping, 'mapping');
  return {
    'interface-types': listOf(text)(all['interface-types'], 'interface-types'),
    mapping: {
      device: text(mapping.device, 'mapping.device'),
      mode: orNone(text)(mapping.mode, 'mapping.mode') ?? 'split',
      executable: orNone(flashFile)(mapping.executable, 'mapping.executable'),
      'nvram-template': orNone(flashFile)(mapping['nvram-template'], 'mapping.nvram-template'),
    },
    targets: listOf(target)(all.targets, 'targets'),
    features: listOf(text)(all.features, 'features'),
  };
}

const target: Reader<Described['targets'][number]> = (value, where) => {
  const { architecture, machines } = table(value, where);
  return {
    architecture: text(architecture, `${where}.architecture`),
    machines: listOf(text)(machines, `${where}.machines`),
  };
};

const flashFile: Reader<FlashFile> = (value, where) => {
  const { filename, format } = table(value, where);
  return { filename: text(filename, `${where}.filename`), format: text(format, `${where}.format`) };
};

const table: Reader<Record<string, unknown>> = (value, where) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refusal(where, 'an object');
  return value as Record<string, unknown>;
};

const text: Reader<string> = (value, where) => {
  if (typeof value !== 'string') throw refusal(where, 'a string');
  return value;
};

const listOf =
  <T>(read: Reader<T>): Reader<T[]> =>
  (value, where) => {
    if (!Array.isArray(value)) throw refusal(where, 'a list');
    return value.map((each, at) => read(each, `${where}.${at}`));
  };

const orNone =
  <T>(read: Reader<T>): Reader<T | undefined> =>
  (value, where) =>
    value === undefined ? undefined : read(value, where);

const refusal = (where: string, what: string) =>
  new ToolchainError('bad-descriptor', `${where}: expected ${what}`);
