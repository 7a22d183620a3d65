// SPDX-License-Identifier: Apache-2.0
import { join, resolve } from 'node:path';
import { ensureFolder, readStableFile, writeFileAtomic } from '@latticra/held-files';
import { LaneError } from '@latticra/lane';
import {
  generateEd25519Key,
  MAX_SIGNATURE_BYTES,
  NAMESPACES,
  type PublicKey,
  parseSignature,
  type RecordSigner,
  type SigningOptions,
  signaturePath,
  takeSigningKey,
} from '@latticra/signature';
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

/**
 * Takes the keys that the flags name; where they name none it makes throw-away ones in the folder of the rehearsal, without any program.
 * @throws SignatureError, HeldFileError for a key that cannot be used
 */
export async function takeParties(
  flags: KeyFlags,
  { at, cwd }: Pick<Rehearsal, 'at' | 'cwd'>,
  options: SigningOptions,
): Promise<Parties> {
  const areThrowAway = flags['sign-key'] === undefined;
  const take = async (part: Part, given: string): Promise<Party> => {
    const path = resolve(cwd, given);
    return { principal: `${part}@rehearsal.invalid`, path, signer: await takeSigningKey(path, options) };
  };
  if (!areThrowAway) {
    const { 'sign-key': sign = '', 'review-key': review, 'machine-key': machine } = flags;
    return {
      builder: await take('builder', sign),
      reviewer: review === undefined ? undefined : await take('reviewer', review),
      machine: machine === undefined ? undefined : await take('machine', machine),
      areThrowAway,
    };
  }
  await ensureFolder(at(KEYS));
  const make = async (part: Part): Promise<Party> => {
    const path = at(join(KEYS, part));
    const { privateFile, publicLine } = generateEd25519Key(`throw-away ${part} of a rehearsal`);
    await writeFileAtomic(path, privateFile, { mode: 0o600 });
    await writeFileAtomic(`${path}.pub`, publicLine);
    return take(part, path);
  };
  return {
    builder: await make('builder'),
    reviewer: await make('reviewer'),
    machine: await make('machine'),
    areThrowAway,
  };
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
