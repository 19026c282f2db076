import { BIND } from '../../support/name-servers/bind.ts';
import { testPrimaryFaults } from './primary-faults.cases.ts';

testPrimaryFaults(BIND);
