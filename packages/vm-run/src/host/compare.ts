// SPDX-License-Identifier: Apache-2.0
import { UNKNOWN } from '@latticra/evidence-format/define';
import type { HostFacts } from './facts.js';

/** What of the hardware stays the same while systems come and go on it. */
const HARDWARE = ['architecture', 'cpuModel', 'vendor', 'product'] as const;

/**
 * Returns whether facts are of two hosts. One running kernel is one host, whatever its containers call themselves; so is one installed
 * system, wherever its disk was put. Beyond that, two known ids are of two hosts, and without them two hosts are told apart by
 * hardware that says something else. What is not known is never two.
 */
export function areTwoHosts(one: HostFacts, other: HostFacts): boolean {
  const differ = (fact: Exclude<keyof HostFacts, 'cpuCount'>): boolean | undefined =>
    one[fact] === UNKNOWN || other[fact] === UNKNOWN ? undefined : plain(one[fact]) !== plain(other[fact]);
  if (differ('bootId') === false) return false;
  return differ('machineId') ?? HARDWARE.some((fact) => differ(fact) === true);
}

/** Returns what a fact says, whatever its capitals and blanks: firmware of one maker writes its name in several ways. */
const plain = (fact: string) => fact.toLowerCase().replace(/\s+/g, '');
