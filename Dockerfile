# syntax=docker/dockerfile:1
# Any Debian base with Node ≥ 20.19 and Bash ≥ 5.1 serves; pin it by digest in production.
ARG BASE_IMAGE=docker.io/library/node:20.20.2-bookworm-slim

FROM ${BASE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY tsconfig.json tsconfig.build.json rolldown.config.mjs main.ts ./
COPY bench ./bench
COPY commands ./commands
COPY contracts ./contracts
COPY engines ./engines
COPY generator ./generator
COPY lake ./lake
COPY lib ./lib
COPY monitoring ./monitoring
COPY processing ./processing
COPY quality ./quality
COPY runs ./runs
COPY transformations ./transformations
RUN npm run build \
    && rm -rf dist/bench \
    # what runs is dist; beside it stay only the SQL and the templates that it reads
    && find commands contracts engines generator lake lib monitoring processing quality runs transformations -name '*.ts' -delete \
    && find commands contracts engines generator lake lib monitoring processing quality runs transformations -type d -empty -delete
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev \
    # sources, bundles for browsers, type declarations and maps: nothing of these is loaded at run time
    && rm -rf node_modules/echarts/types \
    && find node_modules/echarts/dist -type f ! -name echarts.min.js ! -name package.json -delete \
    && rm -rf main.ts bench tsconfig.json tsconfig.build.json rolldown.config.mjs package-lock.json .npmrc \
    && find node_modules \( -name '*.map' -o -name '*.d.ts' \) -delete

FROM ${BASE_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=unknown
ARG CREATED=unknown
LABEL org.opencontainers.image.title="Gristmill" \
      org.opencontainers.image.description="Raw e-commerce files to tables you can trust" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
ARG UID=10001
ARG GID=10001
# tini reaps what an interrupted run leaves; pigz packs archives with all cores
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends tini pigz \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid "${GID}" gristmill \
    && useradd --uid "${UID}" --gid "${GID}" --no-create-home --home-dir /app --shell /usr/sbin/nologin gristmill
WORKDIR /app
COPY --from=build /app ./
COPY orchestration ./orchestration
COPY config ./config
COPY examples ./examples
COPY docker ./docker
RUN mkdir -p data logs \
    && chown "${UID}:${GID}" data logs \
    && ln -s /app/docker/gristmill /usr/local/bin/gristmill
ENV NODE_ENV=production
USER ${UID}:${GID}
VOLUME ["/app/data", "/app/logs", "/app/config"]
HEALTHCHECK --interval=5m --timeout=20s --start-period=30s CMD ["node", "dist/main.js", "doctor", "--health"]
ENTRYPOINT ["/usr/bin/tini", "--", "/app/docker/entrypoint.sh"]
