// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { bytesSource } from '@latticra/disk-image';
import { inspect } from '@latticra/disk-image/inspect';
import { HeldFileError } from '@latticra/held-files';
import { openAnchor } from '@latticra/held-files/anchor';
import { NAMESPACES } from '@latticra/signature';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HeldFolder } from '../../../held-files/src/anchor/folder.js';
import { layBoot, optionsFor } from '../../test/evidence.js';
import { KEYS, signFile } from '../../test/keys.js';
import { layTranscript } from '../../test/transcripts.js';
import { FolderCache } from './cache.js';
import { readFileOnce } from './read-file.js';
import { walkEvidence } from './walk.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'latticra-walk-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(root, { recursive: true, force: true });
});
const walk = () => walkEvidence(root, optionsFor(root));

/** Counts how often each file is opened. */
function countOpens(): Map<string, number> {
  const opened = new Map<string, number>();
  const open = HeldFolder.prototype.openFile;
  vi.spyOn(HeldFolder.prototype, 'openFile').mockImplementation(function (this: HeldFolder, name, observed) {
    const path = `${this.path}/${name}`;
    opened.set(path, (opened.get(path) ?? 0) + 1);
    return open.call(this, name, observed);
  });
  return opened;
}

describe('walkEvidence', () => {
  it('a read that fails underneath ends the walk, for it says nothing of the evidence', async () => {
    layTranscript(root, 'usb');
    vi.spyOn(HeldFolder.prototype, 'openFile').mockImplementation(() => {
      throw new HeldFileError('io', 'usb.txt', 'cannot be read (EIO)');
    });
    await expect(walk()).rejects.toThrow(expect.objectContaining({ kind: 'io' }));
  });

  /** Lays out transcripts with their logs, signed boot records with theirs, and the rest of what a folder collects. */
  function layMany(folder: string, count: number): void {
    const times = (share: number) => Array.from({ length: count * share }, (_, index) => index);
    for (const index of times(0.15)) layTranscript(folder, `t${index}`, { observed: `seen ${index}` });
    for (const index of times(0.015))
      layBoot(join(folder, `boot${index}`), { sha256: 'a'.repeat(64), size: index }, 'machine-1');
    for (const index of times(0.64)) writeFileSync(join(folder, `note${index}`), `note ${index}`);
  }

  it('pieces of evidence by the thousand are each opened once', async () => {
    layMany(root, 1000);
    const opened = countOpens();
    const { pieces, refused } = await walk();
    expect(opened.size).toBe(1000);
    expect(new Set(opened.values())).toEqual(new Set([1]));
    expect(pieces.length + refused.length).toBe(1000);
    expect(pieces.filter(({ content }) => content.kind === 'transcript')).toHaveLength(150);
    expect(pieces.filter(({ content }) => content.kind === 'boot-record')).toHaveLength(15);
  });

  it.runIf(process.env.FULL_SWEEP === '1')(
    'ten thousand pieces take ten times as long as a thousand, and hardly more memory',
    async () => {
      const took = async (count: number) => {
        const folder = join(root, String(count));
        mkdirSync(folder);
        layMany(folder, count);
        const began = performance.now();
        const { pieces } = await walkEvidence(folder, optionsFor(folder));
        expect(pieces).toHaveLength(count);
        return { ms: performance.now() - began, mib: process.resourceUsage().maxRSS / 1024 };
      };
      const [some, many] = [await took(1000), await took(10_000)];
      console.log(some, many);
      expect(many.ms / some.ms).toBeLessThan(20);
      expect(many.mib - some.mib).toBeLessThan(200);
    },
    120_000,
  );

  it('the bytes of a file that did not fit into the memory for a folder are let go', async () => {
    const folder = openAnchor(root);
    const cache = new FolderCache(folder, 2);
    /** Adds a file, and returns only a hint of its bytes. */
    const add = async () => {
      writeFileSync(join(root, 'log'), 'one');
      const file = folder.openFile('log');
      const found = await readFileOnce('log', file, { wantsSha512: false, onBytes: () => undefined });
      file.close();
      cache.add(found);
      return new WeakRef(found.bytes ?? expect.fail());
    };
    const bytes = await add();
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    for (let round = 0; round < 10 && bytes.deref() !== undefined; round++) {
      await setImmediate();
      collect();
    }
    expect(bytes.deref()).toBeUndefined();
    expect(cache.get('log')).toMatchObject({ size: 3, sha256: hash('sha256', 'one') });
    folder.close();
  });

  it('a file that did not fit into the memory for a folder is read again, and has to be the same', async () => {
    writeFileSync(join(root, 'log'), 'one');
    const folder = openAnchor(root);
    const cache = new FolderCache(folder, 2);
    const bytes = Buffer.from('one');
    const sha256 = hash('sha256', bytes);
    cache.add({
      name: 'log',
      size: 3,
      sha256,
      sha512: undefined,
      bytes,
      inspect: () => inspect(bytesSource(bytes)),
    });
    expect(Buffer.from(cache.read('log', 10)).toString()).toBe('one');
    writeFileSync(join(root, 'log'), 'two');
    expect(() => cache.read('log', 10)).toThrow(/another file than a moment ago/);
    folder.close();
  });

  it('a file without permission, with a second name, or too deep is named, and the others are read', async () => {
    layTranscript(root, 'usb');
    linkSync(join(root, 'usb.log'), join(root, 'second'));
    mkdirSync(join(root, ...Array.from({ length: 40 }, () => 'd')), { recursive: true });
    writeFileSync(join(root, 'secret'), 'x');
    chmodSync(join(root, 'secret'), 0o000);
    const { refused } = await walk();
    expect(refused.map(({ path }) => path)).toEqual(expect.arrayContaining(['second', 'usb.log', 'usb.txt']));
    expect(refused.some(({ reason }) => reason === 'lies deeper than 32 folders')).toBe(true);
  });

  it('what QEMU itself said belongs to the record that it lies beside, and to none elsewhere', async () => {
    layBoot(join(root, 'boot'), { sha256: 'a'.repeat(64), size: 1 }, 'machine-1');
    for (const name of ['boot/qemu.log', 'qemu.log']) writeFileSync(join(root, name), 'qemu: a warning\n');
    writeFileSync(join(root, 'boot/notes.log'), 'seen by me\n');
    const { pieces } = await walk();
    const kinds = Object.fromEntries(pieces.map(({ path, content }) => [path, content.kind]));
    expect(kinds).toMatchObject({
      'boot/qemu.log': 'companion',
      'boot/notes.log': 'text',
      'qemu.log': 'text',
    });
  });

  it('a folder that is not there is an input that is missing', async () => {
    rmSync(root, { recursive: true });
    await expect(walk()).rejects.toThrow(expect.objectContaining({ kind: 'input-missing' }));
  });

  it('a signature belongs to the file of its name, and one of no file is listed', async () => {
    const path = layTranscript(root, 'usb');
    signFile(path, NAMESPACES.transcript, KEYS['alice@example.org'], 'sha512');
    signFile(path, NAMESPACES.transcript, KEYS['alice@example.org']);
    writeFileSync(join(root, 'alone'), 'x');
    signFile(join(root, 'alone'), NAMESPACES.artifact, KEYS['alice@example.org']);
    rmSync(join(root, 'alone'));
    const { pieces } = await walk();
    expect(pieces.map(({ path: name, content }) => [name, content.kind])).toEqual([
      ['alone.sig', 'unrecognized'],
      ['usb.log', 'companion'],
      ['usb.txt', 'transcript'],
      ['usb.txt.sig', 'signature'],
    ]);
  });

  it('the runbook as a bundle carries it is a text, and a document with its title is none', async () => {
    writeFileSync(
      join(root, 'runbook'),
      'LATTICRA OPERATOR RECOVERY REFERENCE\n\nsource: a\n\nPull the plug.\n',
    );
    writeFileSync(join(root, 'claim'), 'LATTICRA OPERATOR RECOVERY REFERENCE\nbootable_os_ready=1\n');
    const { pieces, refused } = await walk();
    expect(pieces).toMatchObject([{ path: 'runbook', content: { kind: 'text', isLookalike: false } }]);
    expect(refused).toMatchObject([{ path: 'claim', reason: expect.stringContaining('bootable_os_ready') }]);
  });

  it('whatever bytes lie in a folder, each file is either a piece or refused by name', async () => {
    const start = fc.constantFrom(
      '',
      'LATTICRA OS IMAGE TRANSCRIPT\n',
      'LATTICRA X\n',
      '-----BEGIN SSH SIGNATURE-----\n',
      '{"spdxVersion":1}',
      `${'a'.repeat(64)}  x\n`,
      'CD001',
      'QFI\xfb',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(start, fc.uint8Array({ maxLength: 200 })), { maxLength: 6 }),
        async (files) => {
          files.forEach(([head, tail], index) => {
            writeFileSync(join(root, `f${index}`), Buffer.concat([Buffer.from(head, 'latin1'), tail]));
          });
          const { pieces, refused } = await walk();
          const names = [...pieces, ...refused].map(({ path }) => path).sort();
          expect(names).toEqual(files.map((_, index) => `f${index}`));
          for (let index = 0; index < files.length; index++) rmSync(join(root, `f${index}`));
        },
      ),
      { numRuns: 60 },
    );
  });
});
