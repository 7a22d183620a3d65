// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { spdxOf, writeRelease } from '../../../packages/operator-bundle/test/release.js';
import { bundleScript } from '../../../tools/testing/bundle.js';
import { PLAIN_ISO } from '../../../tools/testing/images.js';
import { itWith } from '../../../tools/testing/tools.js';

/** More than 32 bits count. No processor hashes so much within the second after which progress is drawn. */
const SIZE = 2 ** 32;
/** Returns the digest of an ISO with zeros behind it, up to that many bytes. */
function sha256OfPadded(iso: Uint8Array): string {
  const hash = createHash('sha256').update(iso);
  const zeros = Buffer.alloc(1 << 24);
  for (let left = SIZE - iso.length; left > 0; left -= zeros.length) {
    hash.update(zeros.subarray(0, Math.min(left, zeros.length)));
  }
  return hash.digest('hex');
}
const SHA256 = sha256OfPadded(PLAIN_ISO);

let cwd: string;
beforeEach(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'bundle-large-'));
  const manifest = await writeRelease(join(cwd, 'release'), {
    change: (small) => ({
      ...small,
      ...(small.iso && { iso: { ...small.iso, sha256: SHA256 } }),
    }),
  });
  expect(readFileSync(manifest, 'utf8')).toContain(SHA256);
  const vm = createHash('sha256').update(readFileSync(join(cwd, 'release/os.qcow2')));
  writeFileSync(join(cwd, 'release/both.json'), spdxOf(SHA256, vm.digest('hex')));
  writeFileSync(join(cwd, 'release/os.iso'), PLAIN_ISO);
  truncateSync(join(cwd, 'release/os.iso'), SIZE);
  // Says on its way out how much memory the process took at its peak, in KiB.
  writeFileSync(
    join(cwd, 'peak.cjs'),
    "process.on('exit', () => require('fs').writeFileSync(process.env.PEAK_FILE, String(process.resourceUsage().maxRSS)));\n",
  );
});
afterEach(() => rmSync(cwd, { recursive: true }));

/** Stages a bundle into `out` from a shell, and from `script` where stderr has to be a terminal. */
async function stage(script: string, out: string, terminal: boolean) {
  const node = `'${process.execPath}' -r ./peak.cjs '${script}'`;
  const line = `${node} --artifact-manifest release/manifest.txt --output-dir ${out} --vm-firmware seabios >${out}.txt`;
  const argv = terminal ? ['script', '-qec', line, `${out}.typescript`] : ['sh', '-c', line];
  const env = { ...process.env, PEAK_FILE: join(cwd, `${out}.peak`) };
  const child = spawn(argv[0] ?? '', argv.slice(1), { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [status] = await once(child, 'close');
  return {
    status,
    stderr,
    peakMib: Number(readFileSync(join(cwd, `${out}.peak`), 'utf8')) / 1024,
    report: readFileSync(join(cwd, `${out}.txt`), 'utf8'),
    shown: terminal ? readFileSync(join(cwd, `${out}.typescript`), 'utf8') : '',
  };
}

describe('an ISO of 4 GiB', () => {
  itWith(
    ['script', 'sh'],
    'an ISO of 4 GiB is bundled in little memory, with progress where somebody is looking',
    async () => {
      const script = await bundleScript(new URL('./main.ts', import.meta.url), cwd);
      const seen = await stage(script, 'seen', true);
      const unseen = await stage(script, 'unseen', false);
      for (const { status, peakMib, report } of [seen, unseen]) {
        expect(status).toBe(0);
        expect(peakMib).toBeLessThan(150);
        expect(report).toMatch(/^LATTICRA OS IMAGE OPERATOR BUNDLE\nbundle_status=ok\n/);
      }
      expect(unseen.stderr).toBe('');
      expect(seen.shown).toMatch(/\r\u001b\[Kcopying the artifacts \d+% {2}\d+ MiB, \d+ MiB\/s, .+ left/);
      expect(seen.shown).toMatch(/\r\u001b\[K(?!copying)/);
      expect(seen.shown).not.toContain('LATTICRA');
      const { size, blocks } = statSync(join(cwd, 'unseen/os.iso'));
      expect(size).toBe(SIZE);
      // Zeros were not written out.
      expect(blocks * 512).toBeLessThan(2 ** 20);
    },
    180_000,
  );
});
