// SPDX-License-Identifier: Apache-2.0
import type { Shape } from '../json.js';
import { type ResourceDescriptor, readResource } from '../statement/resource.js';
import { type Statement, type Subject, statementOf } from '../statement/statement.js';
import { PREDICATE_TYPE } from './types.js';

/** What a record of a build says, whatever was built; taken from a record that was verified. */
export interface RecordedBuild {
  /** What kind of build it was, as an address. */
  readonly buildType: string;
  /** The command that makes the same bytes. */
  readonly command: string;
  readonly buildId: string;
  readonly epoch: number;
  readonly sourceCommit: string;
  readonly sourceTag: string;
  readonly sourceTagObject: string;
  readonly buildEnvironment: string;
  readonly tool: { readonly name: string; readonly version: string };
  readonly inputs: readonly Subject[];
  /** The images, and what else of it is handed on. */
  readonly outputs: readonly Subject[];
  /** The record itself. */
  readonly record: Subject;
}

/** Returns what whoever started a build decided: each of them has to be expected by whoever verifies it. */
export function externalParameters(
  build: RecordedBuild,
): Readonly<Record<(typeof PARAMETERS)[number], string>> {
  return {
    command: build.command,
    build_id: build.buildId,
    source_date_epoch: String(build.epoch),
    source_tag: build.sourceTag,
  };
}

/** What every build of ours was started with, and nothing else. */
export const PARAMETERS = ['command', 'build_id', 'source_date_epoch', 'source_tag'] as const;
/** The name of the source among what a build depends on. */
export const SOURCE = 'source';

const OBJECT = /^[0-9a-f]{40,64}$/;

/** Makes the statement of a build as SLSA's provenance v1. It has no times: the same build says the same. */
export function provenanceStatement(build: RecordedBuild, builderId: string): Statement {
  const source = {
    ...(OBJECT.test(build.sourceCommit) && { gitCommit: build.sourceCommit }),
    ...(OBJECT.test(build.sourceTagObject) && { gitTag: build.sourceTagObject }),
  };
  const inputs = build.inputs.map(({ name, sha256 }) => ({ name, digest: { sha256 } }));
  const { record } = build;
  return statementOf(build.outputs, PREDICATE_TYPE.provenance, {
    buildDefinition: {
      buildType: build.buildType,
      externalParameters: externalParameters(build),
      internalParameters: { latticra_build_environment: build.buildEnvironment },
      resolvedDependencies: [
        ...(Object.keys(source).length === 0 ? [] : [{ name: SOURCE, digest: source }]),
        ...inputs,
      ],
    },
    runDetails: {
      builder: { id: builderId, version: { [build.tool.name]: build.tool.version } },
      metadata: { invocationId: build.buildId },
      byproducts: [{ name: record.name, digest: { sha256: record.sha256 } }],
    },
  });
}

/** What a provenance says. */
export interface Provenance {
  readonly buildType: string;
  readonly externalParameters: Shape;
  readonly internalParameters: Shape | undefined;
  readonly resolvedDependencies: readonly ResourceDescriptor[];
  readonly builderId: string;
  readonly invocationId: string | undefined;
}

/** Reads a provenance (SLSA v1.1). @throws AttestationError `not-a-statement`, `bad-digest` */
export function readProvenance(predicate: Shape): Provenance {
  const definition = predicate.shape('buildDefinition');
  const details = predicate.shape('runDetails');
  return {
    buildType: definition.text('buildType'),
    externalParameters: definition.shape('externalParameters'),
    internalParameters: definition.optionalShape('internalParameters'),
    resolvedDependencies: definition.shapes('resolvedDependencies').map(readResource),
    builderId: details.shape('builder').text('id'),
    invocationId: details.optionalShape('metadata')?.optionalText('invocationId'),
  };
}
