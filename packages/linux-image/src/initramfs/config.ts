// SPDX-License-Identifier: Apache-2.0
import { LinuxImageError } from '../error.js';

/** What is common to the ways in which the helper makes the root's device. */
interface RootPlace {
  /** Blocks of 4096 bytes that the root has. */
  readonly blocks: number;
  /** The UUID that the root is recognised by: that of its verity superblock, or that of its EROFS. */
  readonly uuid: string;
  /** Where a root may begin on its disk or CD: sectors of 512 bytes. */
  readonly sectors: readonly number[];
  /** The files of modules that the kernel has to load, in this order. */
  readonly modules: readonly string[];
}

/** A root of which the kernel verifies every block that it reads; a block that is not as it was stops the machine. */
export interface VerityRoot extends RootPlace {
  readonly root: 'verity';
  /** Blocks of the root, of the superblock behind it, and of the hashes behind that. */
  readonly total: number;
  /** Lower-case hexadecimal: the root hash, and the salt; `-` for none. */
  readonly hash: string;
  readonly salt: string;
}

/** A root that is read as it is. */
export interface PlainRoot extends RootPlace {
  readonly root: 'plain';
}

/** What the helper is told. */
export type HelperConfig = VerityRoot | PlainRoot;

/** Digits of a sector: always as many, so that where the root lies does not change how large the initramfs is. */
const SECTOR_DIGITS = 12;
/** What the helper has room for. */
const MAX_CONFIG = 8191;
const LAST_SECTOR = 10 ** SECTOR_DIGITS - 1;

const bad = (what: string) =>
  new LinuxImageError('helper-bad-config', `the configuration of the root: ${what}`);

const isCount = (value: number) => Number.isSafeInteger(value) && value > 0 && value < 2 ** 40;

/** Finds what the helper would not take. */
function problemOf(config: HelperConfig): string | undefined {
  const { blocks, uuid, sectors, modules } = config;
  if (!isCount(blocks)) return `${blocks} blocks`;
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid)) return `${JSON.stringify(uuid)} is no UUID`;
  if (sectors.length === 0) return 'no sector where the root may begin';
  const sector = sectors.find((value) => !Number.isInteger(value) || value < 0 || value > LAST_SECTOR);
  if (sector !== undefined) return `sector ${sector}`;
  const name = modules.find((module) => !/^[A-Za-z0-9_.-]{1,255}$/.test(module));
  if (name !== undefined) return `${JSON.stringify(name)} is no file of a module`;
  if (config.root === 'plain') return undefined;
  if (!isCount(config.total) || config.total <= blocks) return `${config.total} blocks in all`;
  if (!/^[0-9a-f]{64}$/.test(config.hash)) return `the root hash ${JSON.stringify(config.hash)}`;
  return /^(-|([0-9a-f]{2}){1,256})$/.test(config.salt)
    ? undefined
    : `the salt ${JSON.stringify(config.salt)}`;
}

/**
 * Formats the file `latticra/config`. How long it is does not depend on the sectors, only on how many there are.
 * @throws LinuxImageError `helper-bad-config`
 */
export function formatConfig(config: HelperConfig): string {
  const problem = problemOf(config);
  if (problem !== undefined) throw bad(problem);
  const { root, blocks, uuid, sectors, modules } = config;
  const lines = [`root=${root}`, `blocks=${blocks}`];
  if (root === 'verity') lines.push(`total=${config.total}`, `hash=${config.hash}`, `salt=${config.salt}`);
  lines.push(`uuid=${uuid}`);
  lines.push(...sectors.map((sector) => `sector=${String(sector).padStart(SECTOR_DIGITS, '0')}`));
  lines.push(...modules.map((module) => `module=${module}`));
  const text = `${lines.join('\n')}\n`;
  if (text.length > MAX_CONFIG) throw bad(`${text.length} bytes, expected at most ${MAX_CONFIG}`);
  return text;
}

/**
 * Reads a file `latticra/config`; only what {@link formatConfig} writes is one.
 * @throws LinuxImageError `helper-bad-config`
 */
export function parseConfig(text: string): HelperConfig {
  // Before it is taken apart: an archive may hold a file of many MiB under this name.
  if (text.length > MAX_CONFIG) throw bad(`${text.length} bytes, expected at most ${MAX_CONFIG}`);
  const values = new Map<string, string[]>();
  for (const line of text.split('\n').filter((part) => part !== '')) {
    const [key = '', ...rest] = line.split('=');
    values.set(key, [...(values.get(key) ?? []), rest.join('=')]);
  }
  const one = (key: string) => values.get(key)?.[0] ?? '';
  const place = {
    blocks: Number(one('blocks')),
    uuid: one('uuid'),
    sectors: (values.get('sector') ?? []).map(Number),
    modules: values.get('module') ?? [],
  };
  const config: HelperConfig =
    one('root') === 'verity'
      ? { ...place, root: 'verity', total: Number(one('total')), hash: one('hash'), salt: one('salt') }
      : { ...place, root: 'plain' };
  if (formatConfig(config) !== text) throw bad('it is not as it was written');
  return config;
}
