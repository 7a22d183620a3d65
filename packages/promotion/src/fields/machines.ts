// SPDX-License-Identifier: Apache-2.0
import { NAMESPACES, type VerifiedSignature } from '@latticra/signature';
import { areTwoHosts, type HostFacts } from '@latticra/vm-run';
import { isOf, type Piece } from '../evidence/piece.js';
import { bootCommand } from '../next/boot.js';
import { mayBeOne } from '../release/signers.js';
import { bootsOf } from './boots.js';
import type { Context } from './context.js';
import { areUnlikeMakers } from './makers.js';
import { missing, type Outcome, shown } from './outcome.js';
import { problemOf, transcriptsOf } from './transcripts.js';

/** Evidence of one machine, signed with its key. */
interface Machine {
  readonly piece: Piece;
  readonly by: VerifiedSignature;
  /** The image that ran there. */
  readonly image: string;
  readonly facts: MachineFacts;
}

/** What evidence says of the machine that it comes from. */
type MachineFacts =
  | { readonly kind: 'hardware'; readonly serial: string; readonly vendor: string }
  /** Of the machine that QEMU ran on; a record from before it was asked says nothing. */
  | { readonly kind: 'host'; readonly host: HostFacts | undefined };

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
  return missing(
    machines.length === 0 ? what : `${what}; so far ${machines.length} signed, of one machine`,
    bootCommand(
      context,
      machines.map(({ piece }) => piece).find((piece) => isOf(piece, 'boot-record')),
    ),
  );
}

const isAnother = (one: Machine, other: Machine) =>
  one.image === other.image &&
  areOfTwoMachines(one.facts, other.facts) &&
  one.piece.sha256 !== other.piece.sha256 &&
  !mayBeOne(one.by, other.by);

/**
 * Returns whether two facts cannot be of one machine; what is not known is never two. A machine on which an image was installed may
 * have booted it in QEMU as well: those two are only told apart where their makers are.
 */
function areOfTwoMachines(one: MachineFacts, other: MachineFacts): boolean {
  if (one.kind === 'hardware')
    return other.kind === 'hardware' ? one.serial !== other.serial : areOfTwoMachines(other, one);
  if (one.host === undefined) return false;
  if (other.kind === 'hardware') return areUnlikeMakers(one.host.vendor, other.vendor);
  return other.host !== undefined && areTwoHosts(one.host, other.host);
}

function machinesIn(context: Context): Machine[] {
  const found = new Map<string, Machine>();
  const add = (machine: Machine) => {
    const { by, image, facts } = machine;
    const key = JSON.stringify([by.principal, by.key.fingerprint, image, facts]);
    if (found.size < MOST && !found.has(key)) found.set(key, machine);
  };
  for (const piece of bootsOf(context)) {
    const { by } = context.signers.of(piece, NAMESPACES.boot);
    const { record } = piece.content.verified;
    if (by !== undefined)
      add({ piece, by, image: record.imageBefore, facts: { kind: 'host', host: record.host } });
  }
  for (const piece of transcriptsOf(context, 'install')) {
    const { by } = context.signers.of(piece, NAMESPACES.transcript);
    const { machine, image } = piece.content.transcript;
    if (by === undefined || problemOf(piece, context) !== undefined) continue;
    const facts = { kind: 'hardware', serial: machine.serial.toLowerCase(), vendor: machine.vendor } as const;
    add({ piece, by, image: image.sha256, facts });
  }
  return [...found.values()];
}
