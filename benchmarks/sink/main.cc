// A gRPC sink for benchmarks: HTTP/2 on one thread, one control port beside it. Loopback only.
//
//   sink REPLIES     REPLIES: one "/service/Method HEX" a line, "-" for an empty reply
//
// Prints "DATA_PORT CONTROL_PORT". The control port takes lines: "reset N" (expect N messages), "stats", "sample" (the
// first message as hex), "wait" (answered once N messages are counted), "pause" and "resume" (whether new connections are accepted). Each is
// answered by a line. The sink ends when its standard input does.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>
#include <vector>

#include "connection.h"

namespace {

int listen_on_loopback(int* port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), size) || listen(fd, 64)) return -1;
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  *port = ntohs(address.sin_port);
  return fd;
}

Replies read_replies(const char* path) {
  Replies replies;
  std::ifstream file(path);
  for (std::string method, hex; file >> method >> hex;) {
    std::string& body = replies[method];
    for (size_t i = 0; hex != "-" && i + 1 < hex.size(); i += 2) body.push_back(char(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return replies;
}

std::string hex_of(const std::string& data) {
  std::string text;
  for (unsigned char byte : data) {
    text.push_back("0123456789abcdef"[byte >> 4]);
    text.push_back("0123456789abcdef"[byte & 15]);
  }
  return text;
}

class Sink {
 public:
  explicit Sink(Replies replies) : replies_(std::move(replies)), poll_(epoll_create1(0)), buffer_(1 << 20) {}

  int run() {
    int data_port = 0, control_port = 0;
    data_ = listen_on_loopback(&data_port);
    control_ = listen_on_loopback(&control_port);
    if (data_ < 0 || control_ < 0) return perror("listen"), 1;
    for (int fd : {data_, control_, 0}) watch(fd, EPOLL_CTL_ADD, EPOLLIN);
    std::cout << data_port << ' ' << control_port << std::endl;
    for (epoll_event events[32];;) {
      int count = epoll_wait(poll_, events, 32, -1);
      for (int i = 0; i < count; i++)
        if (events[i].data.fd == 0) return 0;
        else handle(events[i].data.fd);
    }
  }

 private:
  void watch(int fd, int operation, uint32_t what) {
    epoll_event event{};
    event.events = what;
    event.data.fd = fd;
    epoll_ctl(poll_, operation, fd, &event);
  }
  void handle(int fd) {
    if (fd == data_) return accept_data();
    if (fd == control_) return accept_control();
    auto found = connections_.find(fd);
    if (found == connections_.end()) return obey(fd);
    Connection& connection = *found->second;
    if (!connection.flush() || !connection.receive(buffer_.data(), buffer_.size())) {
      connections_.erase(found);
    } else {
      uint32_t wanted = connection.wants_to_write() ? EPOLLIN | EPOLLOUT : EPOLLIN;
      if (wanted != connection.watched) watch(fd, EPOLL_CTL_MOD, connection.watched = wanted);
    }
    answer_who_waits();
  }
  void accept_data() {
    int fd = accept4(data_, nullptr, nullptr, SOCK_NONBLOCK);
    if (fd < 0) return;
    int yes = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    connections_[fd] = std::make_unique<Connection>(fd, replies_, tally_);
    watch(fd, EPOLL_CTL_ADD, EPOLLIN);
  }
  void accept_control() {
    int fd = accept(control_, nullptr, nullptr);
    if (fd >= 0) watch(fd, EPOLL_CTL_ADD, EPOLLIN);
  }
  // Control clients send one short line and wait for its answer, so a line is never in pieces.
  void obey(int fd) {
    char text[128];
    ssize_t count = recv(fd, text, sizeof text, 0);
    if (count <= 0) {
      waiting_.erase(fd);
      close(fd);
      return;
    }
    std::istringstream line(std::string(text, size_t(count)));
    std::string command;
    uint64_t number = 0;
    line >> command >> number;
    if (command == "wait") {
      waiting_.insert(fd);
      return answer_who_waits();
    }
    if (command == "reset") {
      tally_ = Tally();
      tally_.target = number;
    }
    if (command == "pause") watch(data_, EPOLL_CTL_DEL, 0);
    if (command == "resume") watch(data_, EPOLL_CTL_ADD, EPOLLIN);
    say(fd, command == "sample" ? hex_of(tally_.sample) + '\n' : tally_.line());
  }
  void answer_who_waits() {
    if (tally_.messages < tally_.target) return;
    if (!tally_.reached_ns) tally_.reached_ns = now_ns();
    for (int fd : waiting_) say(fd, tally_.line());
    waiting_.clear();
  }
  static void say(int fd, const std::string& line) {
    if (send(fd, line.data(), line.size(), MSG_NOSIGNAL) < 0) perror("control");
  }

  const Replies replies_;
  int poll_, data_ = -1, control_ = -1;
  std::vector<uint8_t> buffer_;
  Tally tally_;
  std::map<int, std::unique_ptr<Connection>> connections_;
  std::set<int> waiting_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::cerr << "usage: sink REPLIES\n", 2;
  return Sink(read_replies(argv[1])).run();
}
