// SPDX-License-Identifier: Apache-2.0
import { AttestationError, takeAttestationKey } from '@latticra/attestation';
import { executeLane, failureKindOf } from '@latticra/lane';
import { RehearsalError } from './error.js';
import type { Parties } from './keys.js';
import { PROMOTION_FILE, type Rehearsal } from './rehearsal.js';
import type { Made } from './sign.js';

/** Says what was verified in the words of in-toto. Where the key is none for that, it is left out. */
export async function attest(
  { account, at, cwd, env, signal }: Rehearsal,
  { buildRecords, images }: Made,
  { builder }: Parties,
  { sbom, isBooted }: { readonly sbom: string; readonly isBooted: boolean },
): Promise<boolean> {
  const name = 'attestations';
  try {
    await takeAttestationKey(builder.path, env);
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error;
    account.leaveOut(name, error.message);
    return false;
  }
  const argv = [
    ...['--key', builder.path, '--output-dir', at(PROMOTION_FILE.attestations)],
    ...['--build-record', ...buildRecords],
    ...['--artifact', ...images],
    ...['--sbom', sbom],
    ...(isBooted ? ['--boot-records', at(PROMOTION_FILE.boots)] : []),
  ];
  await account.step(name, `${PROMOTION_FILE.attestations}/`, async () => {
    const { lane } = await import('@latticra/os-image-attest/lane');
    let said = '';
    const status = await executeLane(lane, {
      argv,
      env,
      cwd,
      signal,
      stdout: () => undefined,
      stderr: (text) => {
        said += text;
      },
      stderrIsTerminal: () => false,
    });
    if (status !== 0) {
      throw new RehearsalError(
        'not-held',
        said.trim(),
        'see to that, and rehearse again',
        failureKindOf(status),
      );
    }
    const kinds = ['provenance', 'SBOM', ...(isBooted ? ['boots'] : [])];
    return { value: undefined, result: `in-toto: ${kinds.join(', ')}` };
  });
  return true;
}
