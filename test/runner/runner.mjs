// As .mjs, jest leaves this module and all it imports to node, which reads the .ts files by itself.
import LightRunner from 'jest-light-runner/child-process';
import { longestFirst } from './order.ts';
import { withSecondTry } from './second-try.ts';

/** Node itself loads the files, in processes that live through the run; what takes long begins first, and what fails is tried once more in a new process. */
export default class Runner extends LightRunner {
  #anew;

  constructor(...given) {
    super(...given);
    this.#anew = () => new LightRunner(...given);
  }

  async runTests(tests, watcher, start, result, failure) {
    const by = (run) => (files, told) => run(files, watcher, told.start, told.result, told.failure);
    const tries = {
      first: by((...given) => super.runTests(...given)),
      again: by((...given) => this.#anew().runTests(...given)),
    };
    await withSecondTry(longestFirst(tests), { start, result, failure }, tries);
  }
}
