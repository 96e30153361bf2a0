import {
  allHandlersFinished,
  condition,
  patched,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { SearchAttributeUpdatePair } from '@temporalio/common';
import type { Standing } from '../domain/standing.ts';
import { attributes } from './attributes.ts';
import { outside } from './proxies.ts';

/** Rung together with the end, or while it waited for those who still talk to it: since 2026-11 a process that may be roused looks then. */
const rungAtTheEnd = 'rung-at-the-end';

/**
 * Wakes a process: it looks at its row again, or takes what it is told of it. An end is final; of anything else it believes one voice at a time, and only if
 * that speaks of later than what it knows.
 */
export class Bell {
  #rung: (Standing | undefined)[] = [];
  #armedFor = Number.POSITIVE_INFINITY;

  ring(standing?: Standing): void {
    this.#rung.push(standing);
  }

  /** Somebody rang whom nobody has answered. */
  get isRung(): boolean {
    return this.#rung.length > 0;
  }

  /**
   * Sleeps until rung or until `at` (epoch milliseconds; none: until rung). A timer once armed is left to run, since an early waking only makes the
   * process look again: that spares the history a cancelled and a new timer whenever something else happened first. Answers where the process stands, if that
   * need not be looked up.
   *
   * @param rousable whoever rang together with its end may have brought something that the end does not know of
   */
  async wait({ wakeAt, asOf }: Standing, rousable = false): Promise<Standing | undefined> {
    if (wakeAt !== undefined && wakeAt < this.#armedFor) this.#arm(wakeAt);
    await condition(() => this.#rung.length > 0);
    const rung = this.#rung;
    this.#rung = [];
    const [told, ...others] = rung;
    const current = others.length === 0 && told && told.asOf >= asOf ? told : undefined;
    const ended = rung.find((standing) => standing?.ended);
    if (ended && others.length > 0 && rousable && patched(rungAtTheEnd)) return undefined;
    return ended ?? current;
  }

  #arm(at: number): void {
    this.#armedFor = at;
    sleep(Math.max(at - Date.now(), 1)).then(
      () => {
        if (this.#armedFor === at) this.#armedFor = Number.POSITIVE_INFINITY;
        this.ring();
      },
      () => undefined,
    );
  }
}

/** Sends notices beside the process, so that a mail server's outage holds up neither a collection nor a lapse (N2). */
class Delivery {
  readonly #underWay = new Set<string>();
  readonly #bell: Bell;

  constructor(bell: Bell) {
    this.#bell = bell;
  }

  get idle(): boolean {
    return this.#underWay.size === 0;
  }

  take(notices: readonly string[]): void {
    for (const noticeId of notices) {
      if (this.#underWay.has(noticeId)) continue;
      this.#underWay.add(noticeId);
      const done = () => this.#underWay.delete(noticeId);
      outside.deliverNotice({ noticeId }).then(({ standing }) => {
        done();
        this.#bell.ring(standing);
      }, done);
    }
  }
}

/**
 * Carries a process from where it stands to its end: delivers what is queued, sleeps, looks again. The row decides; nothing is remembered here.
 *
 * @param first where the process stands when it begins
 * @param look reads the row again, and moves it on when its time has come
 * @param rousable it may be told of something after its end (`Engine.rouse`): before it ends it looks once more if somebody rang while it looked
 */
export async function carry(
  bell: Bell,
  first: Standing,
  look: (now: number) => Promise<Standing>,
  { rousable = false } = {},
): Promise<Standing> {
  const delivery = new Delivery(bell);
  let standing = first;
  for (;;) {
    show(standing);
    delivery.take(standing.deliver);
    if (standing.ended && delivery.idle && !(rousable && bell.isRung)) {
      await condition(allHandlersFinished);
      if (!(rousable && bell.isRung && patched(rungAtTheEnd))) return standing;
    }
    standing = (await bell.wait(standing, rousable)) ?? (await look(Date.now()));
  }
}

/** A deadline is read in minutes; one planned by the request and decided moments later is not worth an event. */
const negligibleMs = 10_000;

/** Mirrors an open process's state and deadline for operators; says nothing when nothing changed. */
function show(standing: Standing): void {
  if (standing.ended) return;
  const shown = workflowInfo().typedSearchAttributes;
  const changes: SearchAttributeUpdatePair[] = [];
  const state = standing.shown ?? standing.state;
  if (shown.get(attributes.state) !== state) changes.push({ key: attributes.state, value: state });
  const before = shown.get(attributes.deadline)?.getTime() ?? Number.NaN;
  const now = standing.deadline ?? Number.NaN;
  const same = Number.isNaN(before) ? Number.isNaN(now) : Math.abs(before - now) < negligibleMs;
  if (!same) changes.push({ key: attributes.deadline, value: Number.isNaN(now) ? null : new Date(now) });
  if (changes.length > 0) upsertSearchAttributes(changes);
}
