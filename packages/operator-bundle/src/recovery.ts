// SPDX-License-Identifier: Apache-2.0
import { formatDigest } from '@latticra/evidence-format';
import { type FilePlace, readStableFile } from '@latticra/held-files';
import { OperatorBundleError } from './error.js';

/** Far more than anybody reads while a machine does not start. */
const MAX_RUNBOOK_BYTES = 16 * 1024 * 1024;

/**
 * Makes the recovery reference of a bundle and its permission bits, no more than the runbook's: the runbook itself, under a few lines that say where it came from; for a
 * runbook that lies on the web, its address.
 * @param recorded the recovery path as the manifest has it
 * @param file the runbook, where it is a file
 * @throws OperatorBundleError `bad-recovery`; HeldFileError
 */
export async function recoveryReference(
  recorded: string,
  file: FilePlace | undefined,
): Promise<{ readonly text: string; readonly mode: number }> {
  const head = `LATTICRA OPERATOR RECOVERY REFERENCE\n\nsource: ${recorded}\n`;
  if (file === undefined) {
    const note =
      'The runbook is kept at that address and is not part of this bundle. Fetch it before you need it.';
    return { text: `${head}\n${note}\n`, mode: 0o666 };
  }
  const { bytes, sha256, mode } = await readStableFile(file, { maxBytes: MAX_RUNBOOK_BYTES });
  const text = `${head}source digest: ${formatDigest(sha256)}\n\n${decode(recorded, bytes)}`;
  // What only its owner may read is not published with the bundle.
  return { text, mode: mode & 0o666 };
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Said below, together with NUL.
  }
  throw new OperatorBundleError('bad-recovery', `${path}: expected a runbook in UTF-8 text`, {
    fix: 'record a text file, or the address of the runbook',
  });
}
