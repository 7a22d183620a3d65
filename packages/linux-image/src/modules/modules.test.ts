// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LinuxImageError } from '../error.js';
import { collectModules, type RootFiles } from './collect.js';
import { missingDrivers } from './drivers.js';
import { moduleName, parseBuiltins, parseDependencies } from './lists.js';
import { planModules } from './plan.js';

const RELEASE = '6.1.0-9-amd64';
const DEBIAN = [
  'kernel/fs/erofs/erofs.ko: kernel/lib/libcrc32c.ko',
  'kernel/lib/libcrc32c.ko:',
  'kernel/crypto/crc32c_generic.ko:',
  'kernel/drivers/md/dm-mod.ko:',
  'kernel/drivers/md/dm-bufio.ko: kernel/drivers/md/dm-mod.ko',
  'kernel/drivers/md/dm-verity.ko: kernel/drivers/md/dm-bufio.ko kernel/drivers/md/dm-mod.ko kernel/lib/reed_solomon.ko',
  'kernel/lib/reed_solomon.ko:',
  '',
].join('\n');
const BUILTINS = 'kernel/crypto/sha256_generic.ko\nkernel/lib/crypto/libsha256.ko\n';

/** An object file of ELF for x86-64, as far as it is looked at. */
function object(text: string): Uint8Array {
  const bytes = Buffer.alloc(64);
  bytes.write('\x7fELF\x02\x01', 'latin1');
  bytes.writeUInt16LE(1, 16);
  bytes.writeUInt16LE(62, 18);
  bytes.write(text, 24);
  return new Uint8Array(bytes);
}

/** A root file system with these modules and lists. */
function root(
  lists: { dep?: string; builtin?: string } = {},
  { folder = `lib/modules/${RELEASE}`, convert = (_: string, bytes: Uint8Array) => bytes } = {},
): RootFiles & { readonly files: Map<string, Uint8Array> } {
  const { dep = DEBIAN, builtin = BUILTINS } = lists;
  const files = new Map<string, Uint8Array>([['etc/os-release', new Uint8Array(0)]]);
  files.set(`${folder}/modules.dep`, Buffer.from(dep));
  files.set(`${folder}/modules.builtin`, Buffer.from(builtin));
  for (const path of parseDependencies(dep).keys())
    files.set(`${folder}/${path}`, convert(path, object(path)));
  return {
    files,
    get paths() {
      return files.keys();
    },
    read: async (path) => files.get(path) ?? new Uint8Array(0),
  };
}

const failure = (code: string, message: RegExp) =>
  expect.objectContaining({
    code,
    kind: 'data',
    message: expect.stringMatching(message),
    fix: expect.stringMatching(/\w/),
  });

describe('which modules a root needs', () => {
  it('each comes behind those that it depends on, and the algorithms come first', () => {
    const names = planModules('verity', { dependencies: DEBIAN, builtins: BUILTINS }).load.map(moduleName);
    expect(names).toEqual([
      'crc32c_generic',
      'dm_mod',
      'reed_solomon',
      'dm_bufio',
      'dm_verity',
      'libcrc32c',
      'erofs',
    ]);
    expect(planModules('plain', { dependencies: DEBIAN, builtins: BUILTINS }).load.map(moduleName)).toEqual([
      'crc32c_generic',
      'dm_mod',
      'libcrc32c',
      'erofs',
    ]);
  });

  it('what is built into the kernel is not loaded', () => {
    const builtins =
      'kernel/drivers/md/dm-mod.ko\nkernel/drivers/md/dm-verity.ko\nkernel/fs/erofs/erofs.ko\n';
    expect(planModules('verity', { dependencies: '', builtins }).load).toEqual([]);
  });

  it('what is neither built in nor a module is named', () => {
    const dependencies = DEBIAN.replace(/^.*dm-verity.*\n/m, '').replace(/^.*erofs.*\n/m, '');
    expect(() => planModules('verity', { dependencies, builtins: '' })).toThrow(
      failure('modules-missing', /dm_verity and erofs neither built in nor among its modules/),
    );
  });

  it('each module of any tree of dependencies is loaded once, behind what it needs', () => {
    // A module needs some of those before it, and all that they need.
    const graphs = fc.array(fc.array(fc.nat({ max: 19 }), { maxLength: 4 }), { minLength: 4, maxLength: 20 });
    fc.assert(
      fc.property(graphs, fc.boolean(), (graph, isReversed) => {
        const closure: Set<number>[] = [];
        graph.forEach((direct, index) => {
          const all = new Set(direct.filter((other) => other < index));
          for (const other of [...all]) for (const further of closure[other] ?? []) all.add(further);
          closure.push(all);
        });
        const special = new Map([
          [graph.length - 1, 'erofs'],
          [graph.length - 2, 'dm-mod'],
          [graph.length - 3, 'dm-verity'],
        ]);
        const path = (index: number) => `kernel/${special.get(index) ?? `m${index}`}.ko`;
        const lines = closure.map((all, index) => {
          const needed = [...all].sort((a, b) => (isReversed ? a - b : b - a)).map(path);
          return `${path(index)}: ${needed.join(' ')}`.trimEnd();
        });
        const { load } = planModules('verity', { dependencies: lines.join('\n'), builtins: '' });
        expect(new Set(load).size).toBe(load.length);
        closure.forEach((all, index) => {
          if (!load.includes(path(index))) return;
          for (const other of all) expect(load.indexOf(path(other))).toBeLessThan(load.indexOf(path(index)));
          for (const other of all) expect(load).toContain(path(other));
        });
      }),
    );
  });
});

describe('the lists of depmod', () => {
  it.each(['no colon', 'a.ko: b.ko', 'a.ko:\na.ko:', 'a.ko: b.ko: c.ko', 'a.txt:', '\n', 'a b.ko:'])(
    'the list %j is refused',
    (text) => {
      expect(() => parseDependencies(text)).toThrow(expect.objectContaining({ code: 'modules-bad-list' }));
    },
  );

  it('a list of what is built in with something else in it is refused', () => {
    expect(() => parseBuiltins('kernel/a.ko\n\nkernel/b.ko\n')).toThrow(/modules.builtin, line 2/);
  });

  it('any text is read or refused by name', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '.ko', ':', ' ', '\n', '/', '.xz') }), (text) => {
        for (const parse of [parseDependencies, parseBuiltins]) {
          try {
            parse(text);
          } catch (error) {
            expect(error).toBeInstanceOf(LinuxImageError);
          }
        }
      }),
    );
  });

  it('a module has the name of its file with hyphens made underscores, however it is compressed', () => {
    for (const end of ['', '.gz', '.xz', '.zst'])
      expect(moduleName(`kernel/md/dm-verity.ko${end}`)).toBe('dm_verity');
  });
});

describe('modules out of a root file system', () => {
  it.each([`lib/modules/${RELEASE}`, `usr/lib/modules/${RELEASE}`])(
    'modules are found in %s',
    async (folder) => {
      const { modules } = await collectModules('plain', RELEASE, root({}, { folder }));
      expect(modules.map(({ name }) => name)).toEqual([
        'crc32c_generic.ko',
        'dm-mod.ko',
        'libcrc32c.ko',
        'erofs.ko',
      ]);
      expect(modules[3]?.content).toEqual(object('kernel/fs/erofs/erofs.ko'));
    },
  );

  it('modules that gzip compressed are decompressed', async () => {
    const dep = DEBIAN.replaceAll('.ko', '.ko.gz');
    const files = root({ dep }, { convert: (_, bytes) => gzipSync(bytes) });
    const { modules } = await collectModules('plain', RELEASE, files);
    expect(modules.map(({ name }) => name)).toEqual([
      'crc32c_generic.ko',
      'dm-mod.ko',
      'libcrc32c.ko',
      'erofs.ko',
    ]);
    expect(modules[1]?.content).toEqual(object('kernel/drivers/md/dm-mod.ko.gz'));
  });

  it.each(['xz', 'zst'])('modules that %s compressed are refused by name', async (end) => {
    const files = root({ dep: DEBIAN.replaceAll('.ko', `.ko.${end}`) });
    await expect(collectModules('plain', RELEASE, files)).rejects.toEqual(
      failure('modules-compressed', new RegExp(`crc32c_generic\\.ko\\.${end} is compressed with ${end}`)),
    );
  });

  it('modules of other versions are named', async () => {
    await expect(collectModules('plain', '6.1.0-10-amd64', root())).rejects.toEqual(
      failure(
        'modules-none',
        /the kernel is 6\.1\.0-10-amd64, the root file system has modules of 6\.1\.0-9-amd64/,
      ),
    );
    await expect(
      collectModules('plain', RELEASE, { paths: ['etc/passwd'], read: () => new Uint8Array(0) }),
    ).rejects.toEqual(failure('modules-none', /no modules at all/));
  });

  it('modules in both places are refused, for nobody knows which are meant', async () => {
    const { files } = root();
    files.set(`usr/lib/modules/${RELEASE}/modules.dep`, new Uint8Array(0));
    await expect(
      collectModules('plain', RELEASE, { paths: files.keys(), read: () => new Uint8Array(0) }),
    ).rejects.toEqual(failure('modules-none', /in both/));
  });

  it('a list without its file, and a file that is no module, are refused', async () => {
    const without = root();
    without.files.delete(`lib/modules/${RELEASE}/kernel/fs/erofs/erofs.ko`);
    await expect(collectModules('plain', RELEASE, without)).rejects.toEqual(
      failure('modules-missing', /lists kernel\/fs\/erofs\/erofs\.ko, and the root file system has none/),
    );
    const empty = root({}, { convert: () => new Uint8Array(10) });
    await expect(collectModules('plain', RELEASE, empty)).rejects.toEqual(
      failure('modules-missing', /no module for x86-64/),
    );
    const broken = root({ dep: DEBIAN.replaceAll('.ko', '.ko.gz') });
    await expect(collectModules('plain', RELEASE, broken)).rejects.toEqual(
      failure('modules-missing', /no module for x86-64/),
    );
    const listless = root();
    listless.files.delete(`lib/modules/${RELEASE}/modules.builtin`);
    await expect(collectModules('plain', RELEASE, listless)).rejects.toEqual(
      failure('modules-bad-list', /no lib\/modules\/.*modules\.builtin/),
    );
  });
});

describe('drivers for media', () => {
  it('a kernel without any is told all media, one with some those that lack', () => {
    expect(missingDrivers(new Set()).map(({ medium }) => medium)).toEqual([
      'CD drives',
      'SATA drives',
      'IDE drives',
      'USB drives',
      'NVMe drives',
      'virtio drives',
    ]);
    const cloud = new Set(['sr_mod', 'cdrom', 'ata_piix', 'sd_mod', 'nvme', 'virtio_blk', 'virtio_pci']);
    expect(missingDrivers(cloud)).toEqual([
      { medium: 'SATA drives', modules: ['ahci'] },
      { medium: 'USB drives', modules: ['usb_storage or uas', 'xhci_pci or xhci_hcd'] },
    ]);
  });
});
