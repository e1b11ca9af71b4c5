// What has arrived: messages counted by their gRPC length prefixes, never decoded.
#pragma once

#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <cstdint>
#include <string>

inline uint64_t now_ns() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);  // the clock of Python's time.perf_counter_ns, so that both sides agree
  return uint64_t(t.tv_sec) * 1000000000u + uint64_t(t.tv_nsec);
}

struct Tally {
  uint64_t target = 0;  // how many messages are to come
  uint64_t messages = 0, bytes = 0, streams = 0, first_ns = 0, reached_ns = 0;
  std::string sample;  // the first whole message, by which a client's work is checked

  std::string line() const {
    rusage used;
    getrusage(RUSAGE_SELF, &used);
    uint64_t cpu_us = uint64_t(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000u +
                      uint64_t(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
    std::string text;
    for (uint64_t number : {messages, bytes, streams, first_ns, reached_ns, cpu_us}) text += std::to_string(number) + ' ';
    text.back() = '\n';
    return text;
  }
};

// Walks one stream's bytes from prefix to prefix. A message may lie in many pieces, a piece may hold many messages.
class Messages {
 public:
  void feed(const uint8_t* data, size_t size, Tally& tally) {
    if (!tally.first_ns) tally.first_ns = now_ns();
    tally.bytes += size;
    while (size > 0) {
      size_t taken = have_ < 5 ? take_prefix(data, size) : take_body(data, size, tally);
      data += taken;
      size -= taken;
      if (have_ == 5 && left_ == 0) finish(tally);
    }
  }
  // False where the client half-closed in the middle of a message.
  bool at_boundary() const { return have_ == 0; }

 private:
  size_t take_prefix(const uint8_t* data, size_t size) {
    size_t taken = std::min(size, size_t(5 - have_));
    for (size_t i = 0; i < taken; i++, have_++)
      if (have_ > 0) left_ = left_ << 8 | data[i];
    return taken;
  }
  size_t take_body(const uint8_t* data, size_t size, Tally& tally) {
    size_t taken = std::min(size, size_t(left_));
    if (tally.messages == 0) tally.sample.append(reinterpret_cast<const char*>(data), taken);
    left_ -= uint32_t(taken);
    return taken;
  }
  void finish(Tally& tally) {
    tally.messages++;
    have_ = 0;
  }
  int have_ = 0;
  uint32_t left_ = 0;
};
