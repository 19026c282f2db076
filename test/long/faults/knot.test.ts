import { KNOT } from '../../support/name-servers/knot.ts';
import { testPrimaryFaults } from './primary-faults.cases.ts';

testPrimaryFaults(KNOT);
