// One HTTP/2 connection: client streams are counted and acknowledged at half-close, other calls answered from a table.
#pragma once

#include <nghttp2/nghttp2.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "tally.h"

using Replies = std::map<std::string, std::string>;

struct Stream {
  std::string path, reply;
  Messages messages;
  size_t sent = 0;
  const char* status = "0";
  bool is_data() const { return path.find("DataStream") != std::string::npos; }
};

class Connection {
 public:
  Connection(int socket, const Replies& replies, Tally& tally) : socket_(socket), replies_(replies), tally_(tally) {
    nghttp2_session_callbacks* table;
    nghttp2_session_callbacks_new(&table);
    nghttp2_session_callbacks_set_on_begin_headers_callback(table, on_begin);
    nghttp2_session_callbacks_set_on_header_callback(table, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(table, on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(table, on_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(table, on_close);
    nghttp2_session_server_new(&session_, table, this);
    nghttp2_session_callbacks_del(table);
    // Windows so wide that no client waits for an update; frames of the usual 16 KiB.
    const nghttp2_settings_entry settings[] = {{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kWindow},
                                               {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 100}};
    nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings, 2);
    nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, kWindow);
    flush();
  }
  ~Connection() {
    nghttp2_session_del(session_);
    close(socket_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Read what is there; false once the connection is over.
  bool receive(uint8_t* buffer, size_t size) {
    ssize_t count = recv(socket_, buffer, size, 0);
    if (count <= 0) return count < 0 && (errno == EAGAIN || errno == EINTR);
    return nghttp2_session_mem_recv(session_, buffer, size_t(count)) >= 0 && flush();
  }
  // Send what can be sent; false once the connection is over.
  bool flush() {
    for (const uint8_t* data;;) {
      if (pending_.empty()) {
        ssize_t size = nghttp2_session_mem_send(session_, &data);
        if (size < 0) return false;
        if (size == 0) return nghttp2_session_want_read(session_) || nghttp2_session_want_write(session_);
        pending_.assign(reinterpret_cast<const char*>(data), size_t(size));
      }
      ssize_t count = send(socket_, pending_.data(), pending_.size(), MSG_NOSIGNAL);
      if (count < 0) return errno == EAGAIN || errno == EINTR;
      pending_.erase(0, size_t(count));
    }
  }
  bool wants_to_write() const { return !pending_.empty(); }
  uint32_t watched = EPOLLIN;  // what the poll loop waits for

 private:
  static constexpr int32_t kWindow = 64 << 20;

  static Connection& self(void* data) { return *static_cast<Connection*>(data); }
  static nghttp2_nv field(const char* name, const char* value) {
    auto bytes = [](const char* text) { return reinterpret_cast<uint8_t*>(const_cast<char*>(text)); };
    return {bytes(name), bytes(value), strlen(name), strlen(value), NGHTTP2_NV_FLAG_NONE};
  }
  static int on_begin(nghttp2_session*, const nghttp2_frame* frame, void* data) {
    self(data).streams_[frame->hd.stream_id] = std::make_unique<Stream>();
    return 0;
  }
  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name, size_t name_size,
                       const uint8_t* value, size_t value_size, uint8_t, void* data) {
    if (std::string_view(reinterpret_cast<const char*>(name), name_size) == ":path")
      self(data).streams_[frame->hd.stream_id]->path.assign(reinterpret_cast<const char*>(value), value_size);
    return 0;
  }
  static int on_data(nghttp2_session*, uint8_t, int32_t id, const uint8_t* chunk, size_t size, void* data) {
    Stream& stream = *self(data).streams_[id];
    if (stream.is_data()) stream.messages.feed(chunk, size, self(data).tally_);
    return 0;
  }
  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* data) {
    bool carries = frame->hd.type == NGHTTP2_DATA || frame->hd.type == NGHTTP2_HEADERS;
    if (carries && frame->hd.flags & NGHTTP2_FLAG_END_STREAM) self(data).answer(frame->hd.stream_id);
    return 0;
  }
  static int on_close(nghttp2_session*, int32_t id, uint32_t, void* data) {
    self(data).streams_.erase(id);
    return 0;
  }

  void answer(int32_t id) {
    Stream& stream = *streams_[id];
    auto known = replies_.find(stream.path);
    if (stream.is_data()) {
      tally_.streams++;
      if (!stream.messages.at_boundary()) return refuse(id, "13");  // INTERNAL
    } else if (known == replies_.end()) {
      return refuse(id, "12");  // UNIMPLEMENTED
    }
    const std::string body = known == replies_.end() ? "" : known->second;
    uint32_t size = uint32_t(body.size());
    const char prefix[5] = {0, char(size >> 24), char(size >> 16), char(size >> 8), char(size)};
    stream.reply.assign(prefix, 5).append(body);
    const nghttp2_nv headers[] = {field(":status", "200"), field("content-type", "application/grpc")};
    nghttp2_data_provider provider{{.ptr = &stream}, read_reply};
    nghttp2_submit_response(session_, id, headers, 2, &provider);
  }
  void refuse(int32_t id, const char* status) {
    const nghttp2_nv headers[] = {field(":status", "200"), field("content-type", "application/grpc"),
                                  field("grpc-status", status)};
    nghttp2_submit_response(session_, id, headers, 3, nullptr);
  }
  static ssize_t read_reply(nghttp2_session* session, int32_t id, uint8_t* buffer, size_t size, uint32_t* flags,
                            nghttp2_data_source* source, void*) {
    Stream& stream = *static_cast<Stream*>(source->ptr);
    size_t count = std::min(size, stream.reply.size() - stream.sent);
    memcpy(buffer, stream.reply.data() + stream.sent, count);
    stream.sent += count;
    if (stream.sent == stream.reply.size()) {
      *flags |= NGHTTP2_DATA_FLAG_EOF | NGHTTP2_DATA_FLAG_NO_END_STREAM;
      const nghttp2_nv trailer = field("grpc-status", stream.status);
      nghttp2_submit_trailer(session, id, &trailer, 1);
    }
    return ssize_t(count);
  }

  int socket_;
  const Replies& replies_;
  Tally& tally_;
  nghttp2_session* session_ = nullptr;
  std::map<int32_t, std::unique_ptr<Stream>> streams_;
  std::string pending_;
};
