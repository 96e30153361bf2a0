import { z } from 'zod';
import type { ApiDeps } from '../deps.ts';
import { fileBody } from '../files.ts';
import { keepNotification } from '../gateway-events.ts';
import { problem } from '../problem.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { libraryCode } from '../schemas/values.ts';

const maxBytes = 256 * 1024;

/**
 * Where gateways tell of payments (P8). A notification is verified over its raw bytes, kept before it is answered, and never believed: it only makes the payment's
 * process ask the gateway. The answer does not wait for that. While the engine does not answer, the sweep finds what was kept.
 */
export function gatewayNotificationRoutes({ orm, gateways, commands, logger }: ApiDeps): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/gateways/:library/:provider/notifications',
      summary: 'A gateway tells that something happened to a payment',
      description:
        'For payment services only. What is not signed by the service, or was signed too long ago, is refused.',
      access: 'public',
      params: z.strictObject({ library: libraryCode, provider: z.string().regex(/^[a-z][a-z0-9-]{0,59}$/) }),
      headers: z.looseObject({}),
      file: { mediaTypes: ['application/json', 'application/x-www-form-urlencoded'], maxBytes },
      body: fileBody,
      problems: ['notification-invalid'],
      responses: { 200: { description: 'Kept.' } },
    }).handle(async ({ params: { library, provider }, headers, body: { bytes }, now }) => {
      if (!gateways.has(library, provider)) throw problem('not-found');
      const signed = { body: bytes, headers: headers as Record<string, string>, now };
      const notified = gateways.of(library, provider).verify(signed);
      if (!notified) throw problem('notification-invalid');
      const payment = await keepNotification(orm, { library, provider, notified, body: bytes, now });
      if (payment)
        await commands
          .followPayment(payment)
          .catch((error: unknown) =>
            logger.warn({ err: error, payment: payment.paymentId }, 'not followed yet'),
          );
      return { status: 200 };
    }),
  ];
}
