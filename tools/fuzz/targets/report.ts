// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEvidence, renderReport } from '../../../packages/evidence-report/src/index.js';
import { decodePng } from '../../../packages/evidence-report/src/png/decode.js';
import { encodePng } from '../../../packages/evidence-report/src/png/encode.js';
import {
  documentText,
  releaseTexts,
  SCREEN,
  sum,
  write,
} from '../../../packages/evidence-report/test/folder.js';
import { type FuzzTarget, hold, unlessRefused } from '../engine/target.js';
import { ownFolder } from '../own-folder.js';

const LOG = 'LATTICRA_BOOT_SEED_OK\r\nLATTICRA_BUILD_ID seed-1\r\n';

/** Lays what the file that is tried is beside: a build, a boot with its log, and a list of checksums. */
function layBeside(folder: string): void {
  const digest = `sha256:${'a'.repeat(64)}`;
  write(
    folder,
    'build.txt',
    documentText('LATTICRA BOOT SEED BUILD', {
      boot_seed_build_id: 'seed-1',
      boot_seed_iso_path: 'x.iso',
      boot_seed_iso_sha256: digest,
    }),
  );
  write(
    folder,
    'smoke.txt',
    documentText('LATTICRA BOOT SEED QEMU SMOKE', {
      boot_seed_iso_path: 'x.iso',
      boot_seed_qemu_boot_source: 'iso',
      firmware: 'seabios',
      serial_log_path: 'serial.log',
      serial_log_sha256: `sha256:${sum(LOG)}`,
      image_sha256_before: digest,
      image_sha256_after: digest,
      boot_seed_serial_sentinel: 'LATTICRA_BOOT_SEED_OK',
      boot_duration_ms: 900,
    }),
  );
  write(folder, 'serial.log', LOG);
  write(folder, 'SHA256SUMS', `${sum(LOG)}  serial.log\n`);
}

const place = ownFolder('fuzz-report-', layBeside);

/** The page of a folder with a hostile file in it, and the pictures on a page. */
export const reportTargets: readonly FuzzTarget[] = [
  {
    name: 'evidence page',
    seeds: () => [...releaseTexts().values()].map((text) => Buffer.from(text)),
    words: [
      'LATTICRA ',
      'sha256:',
      '_evidence=',
      'bootable_os_ready=1',
      '<script>',
      '"><img src=x onerror=1>',
    ],
    async run({ bytes }) {
      const at = place();
      writeFileSync(join(at, 'file'), bytes);
      const model = await readEvidence(at).catch((error: unknown) =>
        unlessRefused(() => {
          throw error;
        }),
      );
      if (model === undefined) return;
      const page = renderReport(model as Awaited<ReturnType<typeof readEvidence>>);
      hold(page.match(/<script/g)?.length === 1, 'a page has one script');
      hold(!/<(?:img|iframe|object|embed|form|base)\b/.test(page), 'a page without screens has no such tag');
    },
  },
  {
    name: 'png',
    seeds: () => [SCREEN, encodePng({ width: 3, height: 2, pixels: new Uint8Array(18) })],
    run({ bytes }) {
      const picture = unlessRefused(() => decodePng(Buffer.from(bytes)));
      if (picture === undefined) return;
      hold(picture.pixels.length === picture.width * picture.height * 3, 'a picture has all its pixels');
      hold(
        decodePng(encodePng(picture)).pixels.every((value, index) => value === picture.pixels[index]),
        'a picture is written as it was read',
      );
    },
  },
];
