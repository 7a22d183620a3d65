// SPDX-License-Identifier: Apache-2.0
import { NAMESPACES, type VerifiedSignature } from '@latticra/signature';
import { areApart } from '../evaluation/signers.js';
import type { Piece } from '../evidence/piece.js';
import { bootsOf } from './boots.js';
import type { Context } from './context.js';
import { missing, type Outcome, shown } from './outcome.js';
import { problemOf, transcriptsOf } from './transcripts.js';

/** Evidence of one machine, signed with its key. */
interface Machine {
  readonly piece: Piece;
  readonly by: VerifiedSignature;
  /** The image that ran there. */
  readonly image: string;
  /** What the evidence says of the machine; another machine says something else. */
  readonly facts: string;
}

/** More machines than anybody has; pairs are looked for among these. */
const MOST = 2000;

/**
 * Says whether one image ran on two machines: boots or installations of the same digest, signed by two principals with two keys,
 * that say different things of the machine. Two keys alone prove two keys.
 */
export function multiMachine(context: Context): Outcome {
  const machines = machinesIn(context);
  for (const [index, one] of machines.entries()) {
    const other = machines.slice(index + 1).find((each) => isAnother(one, each));
    if (other !== undefined) return shown(one.piece, other.piece);
  }
  const what =
    'boot records or install transcripts of one image, signed by two machines: two names, two keys, two machines';
  return missing(machines.length === 0 ? what : `${what}; so far ${machines.length} signed, of one machine`, [
    'latticra-boot-matrix',
    'run',
    '--machine-key',
    'machine-key',
  ]);
}

const isAnother = (one: Machine, other: Machine) =>
  one.image === other.image &&
  one.facts !== other.facts &&
  one.piece.sha256 !== other.piece.sha256 &&
  areApart(one.by, other.by);

function machinesIn(context: Context): Machine[] {
  const found = new Map<string, Machine>();
  const add = (machine: Machine) => {
    const key = JSON.stringify([
      machine.by.principal,
      machine.by.key.fingerprint,
      machine.image,
      machine.facts,
    ]);
    if (found.size < MOST && !found.has(key)) found.set(key, machine);
  };
  for (const piece of bootsOf(context)) {
    const { by } = context.signers.of(piece, NAMESPACES.boot);
    const { record } = piece.content.verified;
    if (by !== undefined) add({ piece, by, image: record.imageBefore, facts: bootFacts(record) });
  }
  for (const piece of transcriptsOf(context, 'install')) {
    const { by } = context.signers.of(piece, NAMESPACES.transcript);
    const { machine, image } = piece.content.transcript;
    if (by === undefined || problemOf(piece, context) !== undefined) continue;
    add({
      piece,
      by,
      image: image.sha256,
      facts: JSON.stringify(['hardware', machine.serial.toLowerCase()]),
    });
  }
  return [...found.values()];
}

type BootRecord = ReturnType<typeof bootsOf>[number]['content']['verified']['record'];

/** Returns what a record says of the machine that it was booted on. */
const bootFacts = ({ machineResolved, accelerator, qemuVersion, firmwareBefore }: BootRecord) =>
  JSON.stringify(['virtual', machineResolved, accelerator, qemuVersion, firmwareBefore.code]);
