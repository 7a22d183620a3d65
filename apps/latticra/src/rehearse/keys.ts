// SPDX-License-Identifier: Apache-2.0
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ensureFolder, readStableFile, withTemporaryFolder, writeFileAtomic } from '@latticra/held-files';
import { LaneError } from '@latticra/lane';
import {
  generateEd25519Key,
  MAX_SIGNATURE_BYTES,
  NAMESPACES,
  type Namespace,
  type PublicKey,
  parseSignature,
  type RecordSigner,
  type SigningOptions,
  signaturePath,
  takeSigningKey,
} from '@latticra/signature';
import { assertOutside } from '../steps/own-folder.js';
import type { Rehearsal } from './rehearsal.js';

/** The flags that name keys. */
export const KEY_FLAGS = {
  'sign-key': {
    value: 'path',
    placeholder: 'key',
    help: 'sign builds, images and attestations with this OpenSSH key, as who built (default: throw-away keys, which prove nothing)',
  },
  'review-key': {
    value: 'path',
    placeholder: 'key',
    help: 'sign the review with the OpenSSH key of a second person; left out, nothing is reviewed',
  },
  'machine-key': {
    value: 'path',
    placeholder: 'key',
    help: 'sign the records of boots with this OpenSSH key, as the machine that booted',
  },
} as const;

export interface KeyFlags {
  readonly 'sign-key': string | undefined;
  readonly 'review-key': string | undefined;
  readonly 'machine-key': string | undefined;
}

/** A key that takes part, by the file that it lies in. */
export interface Party {
  /** Who that is in the list of allowed signers. */
  readonly principal: string;
  /** Absolute. */
  readonly path: string;
  readonly signer: RecordSigner;
}

/** Whose keys sign. */
export interface Parties {
  readonly builder: Party;
  readonly reviewer: Party | undefined;
  readonly machine: Party | undefined;
  /** Whether the keys were made for this rehearsal alone. */
  readonly areThrowAway: boolean;
}

/** Each part, and what its key may sign. */
const MAY = {
  builder: [NAMESPACES.build, NAMESPACES.artifact],
  reviewer: [NAMESPACES.review],
  machine: [NAMESPACES.boot],
} as const;
export type Part = keyof typeof MAY;

const KEYS = 'throw-away-keys';

/** Refuses keys of which some are missing that the others need. @throws LaneError `usage` */
export function assertKeys(flags: KeyFlags): void {
  if (flags['sign-key'] !== undefined) return;
  const lone = (['review-key', 'machine-key'] as const).find((name) => flags[name] !== undefined);
  if (lone === undefined) return;
  throw new LaneError('usage', `--${lone}: goes with --sign-key, the key of who builds`, {
    fix: 'name both, or leave both out: then throw-away keys are made',
  });
}

/** What keys are taken with. */
interface TakeOptions extends SigningOptions {
  /** The folder that the rehearsal replaces. */
  readonly folder: string;
}

/**
 * Takes the keys that the flags name, before anything is done with them; undefined where they name none.
 * @throws LaneError `usage` for one key of two people; SignatureError, HeldFileError, ToolchainError for one that cannot be used
 */
export async function takeNamed(flags: KeyFlags, options: TakeOptions): Promise<Parties | undefined> {
  const { 'sign-key': sign, 'review-key': review, 'machine-key': machine } = flags;
  if (sign === undefined) return undefined;
  const { cwd, folder } = options;
  for (const name of Object.keys(KEY_FLAGS) as (keyof KeyFlags)[]) {
    const path = flags[name];
    if (path !== undefined) await assertOutside(name, resolve(cwd, path), resolve(cwd, folder), 'rehearsal');
  }
  const parties: Parties = {
    builder: await take('builder', sign, options),
    reviewer: review === undefined ? undefined : await take('reviewer', review, options),
    machine: machine === undefined ? undefined : await take('machine', machine, options),
    areThrowAway: false,
  };
  const { builder, reviewer } = parties;
  if (reviewer === undefined) return parties;
  const own = await fingerprintOf(builder, NAMESPACES.build);
  if ((await fingerprintOf(reviewer, NAMESPACES.review)) !== own) return parties;
  throw new LaneError('usage', `--review-key: the reviewer is who built: both keys are ${own}`, {
    fix: 'give it the key of a second person',
  });
}

/** Makes throw-away keys in the folder of the rehearsal, without any program. */
export async function makeThrowAway(
  { at, cwd }: Pick<Rehearsal, 'at' | 'cwd'>,
  options: SigningOptions,
): Promise<Parties> {
  await ensureFolder(at(KEYS));
  const make = async (part: Part): Promise<Party> => {
    const path = at(join(KEYS, part));
    const { privateFile, publicLine } = generateEd25519Key(`throw-away ${part} of a rehearsal`);
    await writeFileAtomic(path, privateFile, { mode: 0o600 });
    await writeFileAtomic(`${path}.pub`, publicLine);
    return take(part, resolve(cwd, path), options);
  };
  return {
    builder: await make('builder'),
    reviewer: await make('reviewer'),
    machine: await make('machine'),
    areThrowAway: true,
  };
}

async function take(part: Part, given: string, options: SigningOptions): Promise<Party> {
  const path = resolve(options.cwd, given);
  return { principal: `${part}@rehearsal.invalid`, path, signer: await takeSigningKey(path, options) };
}

/**
 * Returns which key a party signs with. A file does not tell that of every key, and the `.pub` beside one may be of another: then a text
 * is signed that means nothing, and thrown away.
 */
function fingerprintOf({ signer }: Party, namespace: Namespace): Promise<string> {
  if (signer.fingerprint !== undefined) return Promise.resolve(signer.fingerprint);
  return withTemporaryFolder(join(tmpdir(), 'latticra-key-'), async (folder) => {
    const path = join(folder, 'probe.txt');
    await writeFileAtomic(path, 'Which key signs this?\n');
    return (await signer.sign(path, namespace)).signature.key.fingerprint;
  });
}

/** Returns the key by which a file was signed, as the signature beside it has it. @throws SignatureError, HeldFileError */
export async function keyBeside(path: string): Promise<PublicKey> {
  const { bytes } = await readStableFile(signaturePath(path), { maxBytes: MAX_SIGNATURE_BYTES });
  return parseSignature(bytes).key;
}

/** Returns the line of a list of allowed signers for the key of a part: for what it may sign, and nothing else. */
export function allowedLine(part: Part, { principal }: Party, { type, blob }: PublicKey): string {
  return `${principal} namespaces="${MAY[part].join(',')}" ${type} ${Buffer.from(blob).toString('base64')}\n`;
}
