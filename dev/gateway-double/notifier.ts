import { setTimeout as delay } from 'node:timers/promises';
import { doubleSignature } from '../../activities/gateways/double.ts';
import { type DoubleCheckout, newRef } from './books.ts';

export interface DoubleEvent {
  readonly id: string;
  readonly kind: 'checkout.paid' | 'checkout.declined';
  readonly ref: string;
  readonly paymentId: string;
}

/** How one notification is sent: how often (0: never), how late, signed by somebody else, or signed long ago. */
export interface Sending {
  readonly copies?: number;
  readonly delayMs?: number;
  readonly forged?: boolean;
  readonly staleMs?: number;
}

export type Notifying = (event: DoubleEvent) => Sending;

export interface NotifierOptions {
  readonly secret: string;
  readonly clock: () => number;
  /** How often a notification that was not taken is sent again, and after how long; milliseconds. */
  readonly retries?: readonly number[];
}

/** Sends notifications, signed; one that is not answered with 2xx is sent again, as services do. */
export function createNotifier({ secret, clock, retries = [1_000, 5_000, 30_000] }: NotifierOptions) {
  const underWay = new Set<Promise<void>>();
  const stopped = new AbortController();

  const post = async (
    url: string,
    event: DoubleEvent,
    { forged, staleMs = 0 }: Sending,
  ): Promise<boolean> => {
    const body = JSON.stringify(event);
    const signature = doubleSignature(forged ? 'somebody else’s secret' : secret, clock() - staleMs, body);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'double-signature': signature },
        body,
        signal: AbortSignal.any([stopped.signal, AbortSignal.timeout(10_000)]),
      });
      await response.arrayBuffer();
      return response.ok || forged === true || staleMs > 0;
    } catch {
      return false;
    }
  };

  const deliver = async (url: string, event: DoubleEvent, sending: Sending): Promise<void> => {
    await delay(sending.delayMs ?? 0, undefined, { signal: stopped.signal, ref: false });
    for (const wait of [0, ...retries]) {
      await delay(wait, undefined, { signal: stopped.signal, ref: false });
      if (await post(url, event, sending)) return;
    }
  };

  return {
    notify(
      checkout: DoubleCheckout,
      kind: DoubleEvent['kind'],
      sending: Sending | Notifying = {},
    ): DoubleEvent {
      const event = { id: newRef('ev'), kind, ref: checkout.ref, paymentId: checkout.paymentId };
      const how = typeof sending === 'function' ? sending(event) : sending;
      for (let copy = 0; copy < (how.copies ?? 1); copy += 1) {
        const sent = deliver(checkout.notifyUrl, event, how)
          .catch(() => undefined)
          .finally(() => underWay.delete(sent));
        underWay.add(sent);
      }
      return event;
    },
    /** Resolves when nothing is left to send. */
    idle: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    stop: async () => {
      stopped.abort();
      await Promise.all(underWay);
    },
  };
}

export type Notifier = ReturnType<typeof createNotifier>;
