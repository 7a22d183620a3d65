// SPDX-License-Identifier: Apache-2.0
import { describeRaids } from '../../test/besieged.js';
import { SCOPE_RAIDS } from '../../test/raids/scope.js';

describeRaids('a run while what it checks is changed', SCOPE_RAIDS);
