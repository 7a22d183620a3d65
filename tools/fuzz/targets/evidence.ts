// SPDX-License-Identifier: Apache-2.0
import { bytesSource } from '../../../packages/disk-image/src/index.js';
import { inspect } from '../../../packages/disk-image/src/inspect/index.js';
import { draftOf } from '../../../packages/promotion/src/evidence/draft.js';
import { checkTranscript } from '../../../packages/promotion/src/transcript/check.js';
import { readLog } from '../../../packages/promotion/src/transcript/log.js';
import { parseTranscript } from '../../../packages/promotion/src/transcript/read.js';
import { transcript } from '../../../packages/promotion/src/transcript/schema.js';
import { logOf, SAID, sum } from '../../../packages/promotion/test/transcripts.js';
import { FIXED } from '../../../packages/signature/test/private-file.js';
import { type FuzzTarget, hold } from '../engine/target.js';
import { bytesOf } from './bytes.js';

const LOG = logOf(SAID);
const SOUND = { ...SAID, log: { path: 'usb.log', size: LOG.length, sha256: sum(LOG) } };
const PIN = { id: 'urn:example:builder', key: FIXED.publicKey };
const SBOM = '{"spdxVersion":"SPDX-2.3"}';

/** Readers of what people and terminals write down, and of whatever lies in a folder of evidence. */
export const evidenceTargets: readonly FuzzTarget[] = [
  {
    name: 'terminalLog',
    seeds: () => [LOG, LOG.split('\n').slice(1, -2).join('\n')].map(bytesOf),
    words: ['\u001b[', '\u001b]', '\b', '\r', 'Script done on ', SAID.device.serial, SAID.image.sha256],
    run({ bytes }) {
      checkTranscript('usb.txt', SOUND, bytes);
      const { text } = readLog(bytes);
      hold(text.includes(SAID.device.serial), 'a log without the device shows it');
    },
  },
  {
    name: 'transcriptText',
    seeds: () => [bytesOf(transcript.format(SOUND))],
    words: ['=<serial>\n', '=none\n', '=1\n', 'ended_at='],
    run({ bytes }) {
      const found = parseTranscript('usb.txt', bytes);
      hold(
        transcript.format(found) === Buffer.from(bytes).toString(),
        'it is written otherwise than it was read',
      );
    },
  },
  {
    name: 'evidenceFile',
    seeds: () =>
      [
        transcript.format(SOUND),
        SBOM,
        `${'a'.repeat(64)}  x.iso\n`,
        'LATTICRA REPORT\na=1\n',
        'text\n',
        '{"payloadType":"x","payload":"e30=","signatures":[]}',
      ].map(bytesOf),
    words: ['LATTICRA ', '\n', '-----BEGIN SSH SIGNATURE-----\n', 'bootable_os_ready=1\n', '"spdxVersion":'],
    run({ bytes }) {
      const file = { name: 'x', size: bytes.length, sha256: '', sha512: undefined, bytes };
      const draft = draftOf({ ...file, inspect: () => inspect(bytesSource(bytes)) }, 'x', [PIN]);
      hold(draft.kind.length > 0, 'a file is nothing');
    },
  },
];
