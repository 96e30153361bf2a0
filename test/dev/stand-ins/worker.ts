import { stand } from './server.ts';

stand(process.env.METRICS_PORT);
