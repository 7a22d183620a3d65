// SPDX-License-Identifier: Apache-2.0
import { defineLane } from '@latticra/lane';
import { capabilityMetadataDocument } from '@latticra/seal-reports';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'latticra-seal-capability-metadata-report',
  version,
  summary: 'report what is known of a capability, and why it is denied',
  details: `
Tells whether a name is one of the known candidates, up to where it would reach, and why it is denied: known,
unknown, missing and invalid names all are. Nothing is read, written or run, and nothing is granted.`,
  examples: ['', '--capability seal.capability.inspect', '--capability seal.capability.dry_run --json'],
  flags: {
    capability: { value: 'text', placeholder: 'name', help: 'the capability that is asked about' },
  },
  async run({ flags }) {
    return capabilityMetadataDocument(flags.capability);
  },
});
