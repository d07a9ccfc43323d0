# The product in an image, built where nothing else is. docs/install.md says how to run it.
#   docker build -t revops .
FROM debian:12 AS build
WORKDIR /src
COPY . .
RUN ./dev package program
RUN mkdir /opt/revops && tar -xzf build/revops-*-linux-x86_64.tar.gz -C /opt/revops --strip-components=1

FROM debian:12-slim
COPY --from=build /opt/revops /opt/revops
COPY packaging/container-start /usr/local/bin/container-start
RUN ln -s /opt/revops/bin/revops /usr/local/bin/revops
RUN useradd --uid 10001 --user-group --home-dir /data --no-create-home --shell /usr/sbin/nologin revops
RUN mkdir -m 0700 /data && chown revops:revops /data
# Commands find /data from here: `data` is where they look.
WORKDIR /
ENV REVOPS_LISTEN=0.0.0.0:8080
# Which is true of `-p 127.0.0.1:8080:8080`; never publish the port otherwise, for there is no login.
ENV REVOPS_PUBLISHED_ON_LOOPBACK=1
# /tmp as well, for files that are parsed, so that the rest can be read-only.
VOLUME ["/data", "/tmp"]
EXPOSE 8080
USER revops
HEALTHCHECK --interval=30s --start-period=30s CMD ["container-start", "health"]
ENTRYPOINT ["container-start"]
CMD ["serve"]
