// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { bytesIn } from '@latticra/held-files';
import { defineLane } from '@latticra/lane';
import { releaseFixture } from '@latticra/manifest';
import { recordTranscript, TRANSCRIPT_KINDS, transcript } from '@latticra/promotion';
import { formatCommand } from '@latticra/shell-words';
import { version } from '../package.json';

const MAX_DEVICE_BYTES = 999_999_999_999_999;

export const lane = defineLane({
  bin: 'latticra-os-image-transcript-record',
  version,
  summary: 'make a transcript from the log of work on hardware',
  details: `
Runs nothing: it takes the log that script(1) made of the work, or what was copied from the terminal, measures log, image and runbook,
holds what it is told against the log, and prints the transcript, for the folder of the log. The log has to show the digest of the image,
the serial numbers of machine and device, and the command behind --. The three --confirm flags say what nobody but the person who did
it knows.`,
  examples: [
    '--kind usb-write --log usb.log --image latticra-x86_64.iso --runbook recovery.md --artifact-version 1.0 --operator alice@example.org --machine-vendor Lenovo --machine-model T480 --machine-serial PF1ABCDE --device /dev/sdX --device-model Ultra --device-serial 4C530001 --device-size-bytes 30752000000 --removable --confirm-checksum --confirm-no-required-data --confirm-consent --outcome done --observed written -- sudo dd if=latticra-x86_64.iso of=/dev/sdX bs=4M',
  ],
  fixture: releaseFixture,
  flags: {
    kind: { value: 'choice', choices: TRANSCRIPT_KINDS, required: true, help: 'what the transcript is of' },
    log: { value: 'path', required: true, help: 'the log of the terminal; the transcript belongs beside it' },
    image: { value: 'path', required: true, help: 'the image that it was done with' },
    runbook: { value: 'path', required: true, help: 'the recovery runbook that was at hand' },
    'artifact-version': {
      value: 'text',
      insteadOf: 'version',
      required: true,
      help: 'what this release is called',
    },
    operator: { value: 'text', required: true, help: 'who did it, as the list of allowed signers says it' },
    'machine-vendor': { value: 'text', required: true, help: 'as dmidecode -s system-manufacturer shows it' },
    'machine-model': { value: 'text', required: true, help: 'as dmidecode -s system-product-name shows it' },
    'machine-serial': {
      value: 'text',
      required: true,
      help: 'as dmidecode -s system-serial-number shows it',
    },
    device: { value: 'path', required: true, help: 'the device that was written or started from' },
    'device-model': { value: 'text', required: true, help: 'as lsblk -o MODEL shows it' },
    'device-serial': { value: 'text', required: true, help: 'as lsblk -o SERIAL shows it' },
    'device-size-bytes': {
      value: 'integer',
      required: true,
      min: 1,
      max: MAX_DEVICE_BYTES,
      help: 'as lsblk -bo SIZE shows it',
    },
    removable: { value: 'none', help: 'the device was found to be removable, as lsblk -o RM shows it' },
    'confirm-checksum': { value: 'none', help: 'you compared the digest of the image before you began' },
    'confirm-no-required-data': { value: 'none', help: 'the device held nothing that anybody needs' },
    'confirm-consent': { value: 'none', help: 'whoever the machine belongs to agreed' },
    'started-at': { value: 'text', placeholder: 'time', help: 'UTC; as the log of script says unless given' },
    'ended-at': { value: 'text', placeholder: 'time', help: 'UTC; as the log of script says unless given' },
    outcome: { value: 'choice', choices: ['done', 'failed'], required: true, help: 'what came of it' },
    observed: { value: 'text', required: true, help: 'what you saw, in a sentence' },
    command: { value: 'texts', rest: true, help: 'the command that was run, as it was typed' },
  },
  async run({ flags, cwd, progress }) {
    const confirmed = (isSo: boolean) => (isSo ? '1' : '0') as '1';
    const [first = ''] = flags.command;
    const found = await progress.track(
      `measuring ${flags.image}`,
      (onBytes) =>
        recordTranscript({
          log: resolve(cwd, flags.log),
          image: resolve(cwd, flags.image),
          runbook: resolve(cwd, flags.runbook),
          startedAt: flags['started-at'],
          endedAt: flags['ended-at'],
          onBytes,
          said: {
            kind: flags.kind,
            artifactVersion: flags['artifact-version'],
            operator: flags.operator,
            machine: {
              vendor: flags['machine-vendor'],
              model: flags['machine-model'],
              serial: flags['machine-serial'],
            },
            device: {
              path: flags.device,
              model: flags['device-model'],
              serial: flags['device-serial'],
              size: flags['device-size-bytes'],
              isRemovable: flags.removable,
            },
            confirmed: {
              checksum: confirmed(flags['confirm-checksum']),
              noRequiredData: confirmed(flags['confirm-no-required-data']),
              consent: confirmed(flags['confirm-consent']),
            },
            command: flags.command.length === 1 ? first : formatCommand([...flags.command]),
            outcome: flags.outcome,
            observed: flags.observed,
          },
        }),
      () => bytesIn(resolve(cwd, flags.image)),
    );
    return transcript.document(found);
  },
});
