// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A package or app of this workspace, as its manifest describes it. */
export interface Project {
  /** Relative to the root: `packages/lane`. */
  readonly folder: string;
  readonly kind: 'packages' | 'apps';
  readonly name: string;
  /** A project imports only from floors below its own. */
  readonly floor: number;
  readonly manifest: Manifest;
}

interface Manifest {
  readonly name: string;
  readonly license?: string;
  readonly type?: string;
  readonly description?: string;
  readonly engines?: { readonly node?: string };
  readonly files?: readonly string[];
  readonly bin?: Record<string, string>;
  readonly publishConfig?: { readonly exports?: Record<string, string> };
  readonly exports?: Record<string, Record<string, string>>;
  readonly nx?: { readonly tags?: readonly string[] };
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

/** Reads every project from disk. */
export function readProjects(): Project[] {
  return (['packages', 'apps'] as const).flatMap((kind) =>
    readdirSync(join(ROOT, kind)).map((entry) => {
      const folder = `${kind}/${entry}`;
      const manifest: Manifest = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
      const tag = manifest.nx?.tags?.find((candidate) => candidate.startsWith('floor:'));
      return { folder, kind, name: manifest.name, floor: Number(tag?.slice('floor:'.length)), manifest };
    }),
  );
}

/** Lists the TypeScript sources of a project, tests left out, relative to the root. */
export function sourcesOf(project: Project): string[] {
  const below = (folder: string): string[] =>
    existsSync(join(ROOT, folder))
      ? readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) =>
          entry.isDirectory() ? below(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
        )
      : [];
  return below(`${project.folder}/src`).filter(
    (file) => /(?<!\.test)\.ts$/.test(file) && !file.includes('/testing/'),
  );
}

/** Lists the modules that a source file imports, as written. */
export function importsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const pattern = /^(?:import|export)\b[^;']*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm;
  return [...text.matchAll(pattern)].map(([, named, bare, dynamic]) => named ?? bare ?? dynamic ?? '');
}
