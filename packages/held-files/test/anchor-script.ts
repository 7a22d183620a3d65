// SPDX-License-Identifier: Apache-2.0
/**
 * The process that meets faults: works in the folder at the path it is given and says on stdout how it ended.
 * Usage: script.mjs <anchoring>-<what> <path>
 */
import { type AnchoredFolder, type Anchoring, openAnchor } from '../src/anchor/index.js';
import { HeldFileError } from '../src/index.js';

const CHUNK = Buffer.alloc(1 << 13, 'n');

const WORK: Record<string, (root: AnchoredFolder) => void> = {
  read: (root) => {
    root.list();
    const folder = root.openFolder('d');
    folder.mountId();
    folder.list();
    folder.close();
    const file = root.openFile('f');
    file.read(Buffer.alloc(1 << 13), () => undefined);
    file.close();
  },
  write: (root) => {
    root.clearStale('r');
    const temporary = root.createTemporary('r');
    try {
      for (const chunk of [CHUNK, CHUNK]) temporary.write(chunk);
      temporary.publish().close();
    } finally {
      temporary.discard();
    }
  },
  exit: (root) => {
    root.createTemporary('r').write(CHUNK);
    process.exit(3);
  },
  change: (root) => {
    root.remove('f');
    root.makeFolder('new');
  },
  mounts: (root) => {
    const folder = root.openFolder('d');
    const device = folder.stats.dev === root.stats.dev ? 'same' : 'another';
    const mount = folder.mountId() === root.mountId() ? 'same' : 'another';
    process.stdout.write(`${device} device, ${mount} mount\n`);
    folder.close();
  },
  /** Opens a folder with no descriptor left. */
  exhausted: (root) => {
    const open: AnchoredFolder[] = [];
    try {
      for (;;) open.push(root.openFolder('d'));
    } finally {
      for (const folder of open) folder.close();
    }
  },
};

const [what = '', path = ''] = process.argv.slice(2);
const [anchoring, work = ''] = what.split('-');
try {
  const root = openAnchor(path, { anchoring: anchoring as Anchoring, label: '.' });
  WORK[work]?.(root);
  root.close();
  process.stdout.write('done\n');
} catch (error) {
  if (!(error instanceof HeldFileError)) throw error;
  process.stdout.write(`${error.code} ${error.kind}: ${error.message}\n`);
}
