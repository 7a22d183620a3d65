// SPDX-License-Identifier: Apache-2.0

import type { ByteSource } from '../layout/source.js';
import { readStructure } from '../layout/view.js';
import { checkQcow2, type Qcow2Check } from '../qcow2/check.js';
import { describeQcow2, type Qcow2Facts } from '../qcow2/describe.js';
import { assertSelfContained } from '../qcow2/features.js';
import { parseHeader } from '../qcow2/header.js';
import { openQcow2 } from '../qcow2/open.js';
import { type DiskFacts, readDisk } from './disk.js';
import { FindingsCollector } from './findings.js';
import { limitReads } from './limit.js';

/** A qcow2 file, and the disk that a guest sees in it. */
export interface Qcow2Inspection {
  /** Undefined where the header could not be read. */
  readonly facts: Qcow2Facts | undefined;
  /** Its bookkeeping, where it could be counted. */
  readonly check: Qcow2Check | undefined;
  /** Undefined where the file needs another one, or what is not read here. */
  readonly disk: DiskFacts | undefined;
}

/** Bytes of L2 tables that are walked: with usual clusters, a disk of 512 GiB that is full, in some seconds. */
const MAX_TABLES = 64 << 20;
/** Bytes of the disk inside that are read, a read counting as a cluster that may have to be unpacked for it. */
const MAX_INSIDE = 2 ** 31;

/** Reads a qcow2 file. What is wrong with it, or with the disk inside, becomes findings. */
export function readQcow2(source: ByteSource, findings: FindingsCollector): Qcow2Inspection {
  const facts = findings.attempt(() => describeQcow2(source));
  if (!facts) return { facts, check: undefined, disk: undefined };
  findings.attempt(() => assertSelfContained(facts.features));
  const check =
    countTables(source) * facts.clusterSize > MAX_TABLES ? undefined : quietCheck(source, findings);
  if (check === undefined) findings.unread.push('its reference counts were not checked');
  for (const { kind, offset, stored, used } of check?.problems ?? []) {
    if (kind !== 'leak') {
      findings.add('corrupt', `cluster at byte ${offset}: ${kind}, counted ${stored} and used ${used} times`);
      break;
    }
  }
  const unread = check?.unreadClusters ?? 0;
  if (unread > 0) {
    findings.unread.push(
      `${unread} clusters packed with ${facts.features.compression}, which is not read here`,
    );
  }
  const disk = new FindingsCollector().attempt(() => openQcow2(source));
  if (!disk) return { facts, check, disk: undefined };
  const inside = new FindingsCollector();
  const limited = limitReads(disk, MAX_INSIDE, facts.clusterSize);
  const found = inside.attempt(() => readDisk(limited, inside));
  findings.addAll('disk', inside);
  return { facts, check, disk: found };
}

/**
 * Checks the reference counts; undefined where they cannot be counted, for reasons that are findings already or
 * become so.
 */
function quietCheck(source: ByteSource, findings: FindingsCollector): Qcow2Check | undefined {
  const { features } = parseHeader(source);
  const selfContained = new FindingsCollector();
  selfContained.attempt(() => assertSelfContained(features));
  const { problems, unread } = selfContained.done();
  if (problems.length + unread.length > 0) return undefined;
  return findings.attempt(() => checkQcow2(source));
}

/** Counts the L2 tables that the L1 table names. */
function countTables(source: ByteSource): number {
  const { l1Table, l1Entries } = parseHeader(source);
  const table = readStructure(source, l1Table, l1Entries * 8, 'L1 table');
  let count = 0;
  for (let at = 0; at < table.byteLength; at += 8) if (table.getBigUint64(at) !== 0n) count++;
  return count;
}
