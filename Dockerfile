# The mirror alone in an empty image: no shell, no libraries, no root.
#
#   docker build -t mirrord .
#   docker run -p 5000:5000 -v mirror:/var/lib/registry mirrord
ARG SWIFT_IMAGE=swift:6.3-bookworm

FROM ${SWIFT_IMAGE} AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libssl-dev make zlib1g-dev
WORKDIR /source
COPY . .
RUN make static && Packaging/container/root .build/static/mirrord /image

FROM scratch
COPY --from=build /image/ /
COPY --from=build --chown=65532:65532 /image/var/lib/registry/ /var/lib/registry/
ENV PATH=/usr/local/bin
USER 65532:65532
VOLUME /var/lib/registry
EXPOSE 5000
ENTRYPOINT ["mirrord"]
CMD ["serve", "/etc/docker/registry/config.yml"]
