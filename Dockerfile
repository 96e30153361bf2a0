FROM node:24-bookworm-slim
WORKDIR /carrel
ENV NODE_ENV=production
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev
COPY config ./config
COPY domain ./domain
COPY policies ./policies
COPY locales ./locales
COPY notices ./notices
COPY documents ./documents
COPY statements ./statements
COPY iso18626 ./iso18626
COPY db ./db
COPY engine ./engine
COPY workflows ./workflows
COPY activities ./activities
COPY peers ./peers
COPY uploads ./uploads
COPY bounces ./bounces
COPY worker ./worker
COPY api ./api
COPY import ./import
USER node
CMD ["node", "api/main.ts"]
