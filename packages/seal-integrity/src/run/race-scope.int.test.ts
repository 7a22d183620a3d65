// SPDX-License-Identifier: Apache-2.0
import { describeRaces } from '../../test/race.js';
import { SCOPE_SCENARIOS } from '../../test/scenarios/scope.js';

describeRaces('a run while what it checks is changed', SCOPE_SCENARIOS);
