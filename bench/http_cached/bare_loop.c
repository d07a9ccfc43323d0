/* bare_loop PORT FILE: the least that a server can do. Answers whatever is received on 127.0.0.1:PORT with the
   bytes of FILE, by one recv and one send; it neither parses nor times anything. */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { kEvents = 128, kBytesMax = 65536 };

static void watch(int poller, int file) {
  struct epoll_event event = {.events = EPOLLIN, .data = {.fd = file}};
  if (epoll_ctl(poller, EPOLL_CTL_ADD, file, &event) != 0) abort();
}

static int listen_on(int port) {
  const int on = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener, (struct sockaddr*)&address, sizeof address) != 0 || listen(listener, 512) != 0) abort();
  return listener;
}

int main(int count, char** words) {
  static char answer[kBytesMax], request[kBytesMax];
  if (count != 3) return 2;
  FILE* file = fopen(words[2], "rb");
  if (file == NULL) return 2;
  const size_t size = fread(answer, 1, sizeof answer, file);
  fclose(file);

  const int on = 1, listener = listen_on(atoi(words[1])), poller = epoll_create1(0);
  struct epoll_event events[kEvents];
  watch(poller, listener);
  for (;;) {
    const int ready = epoll_wait(poller, events, kEvents, -1);
    for (int i = 0; i < ready; ++i) {
      const int peer = events[i].data.fd;
      if (peer == listener) {
        const int accepted = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        if (accepted < 0) continue;
        setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(poller, accepted);
      } else if (recv(peer, request, sizeof request, 0) <= 0 || send(peer, answer, size, MSG_NOSIGNAL) < 0) {
        close(peer);
      }
    }
  }
}
