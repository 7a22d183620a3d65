// SPDX-License-Identifier: Apache-2.0
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { fileSource } from '../layout/file.js';
import { type ByteSource, bytesSource, readBytes } from '../layout/source.js';
import { examine, inFolder, output, writeImage } from '../testing/run.js';
import { layoutIso, openIso, planIso } from './index.js';

const FILES: Record<string, Uint8Array> = Object.fromEntries(
  Object.entries({
    'boot/loader.bin': 2048,
    'boot/efi.img': 300_000,
    'EFI/BOOT/BOOTX64.EFI': 70_001,
    'read me.txt': 12,
    empty: 0,
    'a/b/c/d/e/f/g/deep': 3,
    'naïve.c': 100,
    [`long/${'x'.repeat(255)}`]: 33,
    [`long/${'x'.repeat(254)}y`]: 34,
    ...Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [`many/${'m'.repeat(130)}${index}`, index]),
    ),
  }).map(([path, size]) => [path, new Uint8Array(size).map((_, index) => path.length + index * 3)]),
);

/** Writes the image of {@link FILES}, as every test here wants it. */
function writeIso(folder: string): string {
  const plan = planIso({
    volumeId: 'LATTICRA',
    epoch: 1_700_000_000,
    files: Object.entries(FILES).map(([path, { length }]) => ({ path, size: length })),
    boot: [
      { platform: 'bios', path: 'boot/loader.bin', loadSectors: 4 },
      { platform: 'uefi', path: 'boot/efi.img', loadSectors: 586 },
    ],
    alignSize: 65536,
  });
  const files = new Map(Object.entries(FILES).map(([path, bytes]) => [path, bytesSource(bytes)]));
  return writeImage(join(folder, 'image.iso'), layoutIso(plan, { files }));
}

function withFile<T>(path: string, use: (file: ByteSource) => T): T {
  const fd = openSync(path, 'r');
  try {
    return use(fileSource(fd, fstatSync(fd).size));
  } finally {
    closeSync(fd);
  }
}

describe('images written here', () => {
  itWith(['xorriso'], 'show xorriso their boot entries, and no fault', () => {
    inFolder((folder) => {
      const { code, said } = examine(
        'xorriso',
        ...['-indev', writeIso(folder), '-report_el_torito', 'plain', '-report_system_area', 'plain'],
      );
      expect(code).toBe(0);
      expect(said).not.toMatch(/WARNING|SORRY|MISHAP|FAILURE|FATAL/);
      expect(said).toMatch(/Volume id {4}: 'LATTICRA'/);
      expect(said).toMatch(/El Torito boot img : {3}1 {2}BIOS {2}y {3}none {2}0x0000 {2}0x00 {6}4 /);
      expect(said).toMatch(/El Torito boot img : {3}2 {2}UEFI {2}y {3}none {2}0x0000 {2}0x00 {4}586 /);
      expect(said).toMatch(/El Torito img path : {3}1 {2}\/boot\/loader\.bin/);
      expect(said).toMatch(/El Torito img path : {3}2 {2}\/boot\/efi\.img/);
    });
  });

  itWith(['xorriso'], 'xorriso extracts an image byte by byte, with real names, times and modes', () => {
    inFolder((folder) => {
      const tree = join(folder, 'tree');
      const extract = ['-osirrox', 'on', '-indev', writeIso(folder), '-extract', '/', tree];
      expect(examine('xorriso', ...extract).code).toBe(0);
      for (const [path, bytes] of Object.entries(FILES)) {
        expect(readFileSync(join(tree, path)).equals(bytes), path).toBe(true);
      }
      const listed = output('find', tree, '-type', 'f', '-printf', '%P %m %Ts\n').toString();
      const expected = Object.keys(FILES).map((path) => `${path} 644 1700000000`);
      expect(listed.trim().split('\n').sort()).toEqual(expected.sort());
    });
  });

  itWith(['isoinfo'], 'isoinfo extracts an image byte by byte, by Rock Ridge and by plain names', () => {
    inFolder((folder) => {
      const iso = writeIso(folder);
      const listed = output('isoinfo', '-R', '-f', '-i', iso).toString().trim().split('\n');
      for (const path of Object.keys(FILES)) expect(listed).toContain(`/${path}`);
      expect(output('isoinfo', '-R', '-i', iso, '-x', '/EFI/BOOT/BOOTX64.EFI')).toEqual(
        Buffer.from(FILES['EFI/BOOT/BOOTX64.EFI'] ?? []),
      );
      expect(output('isoinfo', '-i', iso, '-x', '/BOOT/EFI.IMG;1')).toEqual(
        Buffer.from(FILES['boot/efi.img'] ?? []),
      );
      const description = output('isoinfo', '-d', '-i', iso).toString();
      expect(description).toMatch(/El Torito VD version 1 found/);
      expect(description).toMatch(/Rock Ridge signatures version 1 found/);
    });
  });

  itWith(['isoinfo'], 'path tables agree with their directories', () => {
    inFolder((folder) => {
      const iso = writeIso(folder);
      const table = [
        ...output('isoinfo', '-p', '-i', iso)
          .toString()
          .matchAll(/^ *\d+: +(\d+) (\w+) (.*)$/gm),
      ];
      const found = withFile(iso, (source) => {
        const image = openIso(source);
        const folders = [...image.walk()].filter(({ entry }) => entry.kind === 'folder');
        return [image.root, ...folders.map(({ entry }) => entry)].map(({ extents }) => extents[0]?.offset);
      });
      const places = table.map(([, , sector]) => Number.parseInt(sector ?? '', 16) * 2048);
      expect(places.sort()).toEqual(found.sort());
    });
  });
});

describe('images of others', () => {
  const tree: Record<string, Uint8Array> = {
    'Mixed Case/File.Name.txt': FILES['boot/efi.img'] ?? new Uint8Array(),
    'a/b/c/d/e/f/g/h/i/j/deep': Uint8Array.of(1, 2, 3),
    boot: FILES['boot/loader.bin'] ?? new Uint8Array(),
    [`n/${'q'.repeat(250)}`]: Uint8Array.of(4),
    empty: new Uint8Array(),
  };
  const makers: [string, string, string[]][] = [
    ['genisoimage, folders moved', 'genisoimage', ['-quiet', '-R']],
    [
      'genisoimage, with Joliet',
      'genisoimage',
      ['-quiet', '-r', '-J', '-joliet-long', '-D', '-b', 'boot', '-no-emul-boot'],
    ],
    [
      'xorriso',
      'xorrisofs',
      [
        '-quiet',
        '-R',
        '-J',
        '-b',
        'boot',
        '-no-emul-boot',
        '-eltorito-alt-boot',
        '-e',
        'boot',
        '-no-emul-boot',
      ],
    ],
  ];
  for (const [name, tool, options] of makers) {
    itWith([tool], `images of others are read as the tree they were made of: ${name}`, () => {
      inFolder((folder) => {
        const root = join(folder, 'tree');
        for (const [path, bytes] of Object.entries(tree)) {
          mkdirSync(dirname(join(root, path)), { recursive: true });
          writeFileSync(join(root, path), bytes);
        }
        symlinkSync('boot', join(root, 'link'));
        symlinkSync('../a/./b//c', join(root, 'a', 'up'));
        symlinkSync('/etc/hosts', join(root, 'absolute'));
        // Of a link as long genisoimage makes no end.
        if (tool === 'xorrisofs') symlinkSync(`${'deep folder/'.repeat(60)}end`, join(root, 'far'));
        const iso = join(folder, 'image.iso');
        expect(examine(tool, ...options, '-o', iso, root).code).toBe(0);
        withFile(iso, (source) => {
          const image = openIso(source);
          for (const [path, bytes] of Object.entries(tree)) {
            const file = image.open(image.find(path));
            expect(Buffer.compare(readBytes(file, 0, file.size), bytes), path).toBe(0);
          }
          expect(image.find('link')).toMatchObject({ kind: 'other', target: 'boot' });
          expect(image.find('absolute').target).toBe('/etc/hosts');
          expect(image.find('a/up').target).toMatch(/^\.\.\/a\/\.\/b\/+c$/);
          expect(image.find('boot').target).toBeUndefined();
          if (tool === 'xorrisofs') expect(image.find('far').target).toBe(`${'deep folder/'.repeat(60)}end`);
          const extra = [...image.walk()]
            .filter(({ path, entry }) => entry.kind === 'file' && !(path in tree))
            .map(({ path }) => path);
          expect(extra.every((path) => path.startsWith('boot.cat'))).toBe(true);
          const entries = options.filter((option) => option === '-no-emul-boot').length;
          expect(image.boot.map(({ platform }) => platform)).toEqual(['bios', 'uefi'].slice(0, entries));
        });
      });
    });
  }

  itWith(
    ['genisoimage', 'xorrisofs'],
    'names of Joliet are read where there are none of Rock Ridge, or when they are asked for',
    () => {
      inFolder((folder) => {
        const root = join(folder, 'tree');
        const names = ['Ünïcode Nåme.text', `${'long '.repeat(10)}x`, 'Mixed'];
        mkdirSync(join(root, 'Some Folder'), { recursive: true });
        for (const name of names) writeFileSync(join(root, 'Some Folder', name), name);
        const wanted = names.map((name) => `Some Folder/${name}`).sort();
        const pathsOf = (source: ByteSource, options?: Parameters<typeof openIso>[1]) =>
          [...openIso(source, options).walk()]
            .map(({ path }) => path)
            .filter((path) => path.includes('/'))
            .sort();
        for (const [tool, ...more] of [
          ['genisoimage', '-input-charset', 'utf-8'],
          ['xorrisofs', '--norock'],
        ] as const) {
          const iso = join(folder, `${tool}.iso`);
          output(tool, '-quiet', ...more, '-J', '-o', iso, root);
          withFile(iso, (source) => {
            const image = openIso(source);
            expect(image.names).toBe('joliet');
            expect(pathsOf(source)).toEqual(wanted);
            const file = image.open(image.find('some folder/mixed'));
            expect(Buffer.from(readBytes(file, 0, file.size)).toString()).toBe('Mixed');
            expect(() => openIso(source, { names: 'rock-ridge' })).toThrow(
              expect.objectContaining({ code: 'not-found' }),
            );
            expect(pathsOf(source, { names: 'plain' }).every((path) => /^SOME_FOL(DER)?\//.test(path))).toBe(
              true,
            );
          });
        }
        const both = join(folder, 'both.iso');
        output('xorrisofs', '-quiet', '-R', '-J', '-o', both, root);
        withFile(both, (source) => {
          expect(openIso(source).names).toBe('rock-ridge');
          expect(pathsOf(source, { names: 'joliet' })).toEqual(wanted);
        });
      });
    },
  );

  itWith(['genisoimage'], 'plain names are found in any case, without versions', () => {
    inFolder((folder) => {
      const root = join(folder, 'tree');
      mkdirSync(join(root, 'sub'), { recursive: true });
      writeFileSync(join(root, 'sub/file.txt'), 'text');
      output('genisoimage', '-quiet', '-o', join(folder, 'image.iso'), root);
      withFile(join(folder, 'image.iso'), (source) => {
        const image = openIso(source);
        expect(image.rockRidge).toBe(false);
        expect([...image.walk()].map(({ path }) => path)).toEqual(['SUB', 'SUB/FILE.TXT']);
        const file = image.open(image.find('sub/File.txt'));
        expect(Buffer.from(readBytes(file, 0, file.size)).toString()).toBe('text');
      });
    });
  });
});
