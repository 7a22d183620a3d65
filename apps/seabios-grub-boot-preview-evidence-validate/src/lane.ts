// SPDX-License-Identifier: Apache-2.0
import {
  blockedEvidenceValidation,
  evidenceValidationDocument,
  validateEvidence,
} from '@latticra/boot-preview';
import { defineLane } from '@latticra/lane';
import { bootPreviewFixture } from '@latticra/manifest';
import { SIGNER_FLAGS, signersOf } from '@latticra/signature';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'seabios-grub-boot-preview-evidence-validate',
  version,
  summary: 'check boot evidence again, or say which is missing',
  details: `
With records, at most one for each profile: measures every file that they name, looks into the images, and compares log,
argv, consent, fixture and firmware with what follows from them. Records of all three profiles that hold are a candidate
for review; fewer are none yet, and the report names what is missing. A record that does not hold ends with exit code
65, the name of what is wrong with it, and the field. With --allowed-signers each has to be signed by one of them for
latticra-boot, as the capture does it with --machine-key. Readiness is never claimed.
Without a record it reports what the boot-preview fixture says of boots, and every field that a record will need.`,
  examples: ['', '--json', '--evidence evidence/x86_64-grub2-uefi-preview-evidence.txt'],
  fixture: bootPreviewFixture,
  flags: {
    evidence: { value: 'paths', placeholder: 'record', help: 'records as evidence-capture wrote them' },
    ...SIGNER_FLAGS,
  },
  async run(context) {
    const { flags, cwd, progress } = context;
    const signers = await signersOf(flags, cwd);
    if (flags.evidence.length === 0) return blockedEvidenceValidation(context);
    const validation = await progress.track(
      'reading the images',
      (onBytes) => validateEvidence(flags.evidence, { cwd, onBytes, signers }),
      undefined,
    );
    return evidenceValidationDocument(context, validation);
  },
});
