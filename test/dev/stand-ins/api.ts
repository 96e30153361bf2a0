import { stand } from './server.ts';

stand(process.env.PORT);
