// SPDX-License-Identifier: Apache-2.0
import type { Drive } from './drive.js';

/** A fact of a readiness fixture that stays false until a person has reviewed evidence for it. */
export interface WithheldFact {
  readonly table: string;
  readonly key: string;
}

/**
 * Makes a lane refuse its fixture with a fact raised: set to true, in a comment, in quotes, twice.
 * @param shipped the fixture as it ships, in which the fact's first occurrence is the one of its table
 */
export async function refusesRaised(
  drive: Drive,
  lane: string,
  shipped: string,
  { table, key }: WithheldFact,
): Promise<void> {
  const fact = `${key} = false`;
  const refused = async (instead: string, reason: RegExp) => {
    drive.file('changed.toml', shipped.replace(fact, instead));
    await drive.refuses(lane, ['--manifest', 'changed.toml'], 65, reason);
  };
  const place = new RegExp(`${table}\\.${key}`);
  await refused(`${key} = true`, place);
  await refused(`# ${fact}`, place);
  await refused(`${key} = "false"`, place);
  await refused(`${fact}\n${fact}`, new RegExp(key));
}
