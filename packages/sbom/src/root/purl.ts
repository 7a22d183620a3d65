// SPDX-License-Identifier: Apache-2.0
import type { OsRelease } from './os-release.js';
import type { SystemPackage } from './package.js';

/** Encodes a part of a package URL: all but unreserved characters, and the colon, which the specification leaves alone. */
const encode = (text: string) =>
  encodeURIComponent(text)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3A', ':');

const TYPES = { dpkg: 'deb', apk: 'apk' } as const;

/**
 * Makes the package URL of a system package, with `arch`, `distro` and, where the source is called otherwise or has
 * another version, `upstream`: `pkg:deb/debian/libstdc%2B%2B6@12.2.0-14?arch=amd64&distro=debian-12&upstream=gcc-12`.
 */
export function systemPurl(
  { manager, name, version, architecture, source }: SystemPackage,
  system: Pick<OsRelease, 'id' | 'versionId' | 'buildId'>,
): string {
  const release = system.versionId ?? system.buildId;
  const upstream =
    source.version !== version
      ? `${source.name}@${source.version}`
      : source.name !== name
        ? source.name
        : undefined;
  const qualifiers = {
    arch: architecture,
    distro: release === undefined ? system.id : `${system.id}-${release}`,
    upstream,
  };
  const pairs = Object.entries(qualifiers).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${encode(value)}`],
  );
  return `pkg:${TYPES[manager]}/${encode(system.id)}/${encode(name.toLowerCase())}@${encode(version)}?${pairs.join('&')}`;
}
