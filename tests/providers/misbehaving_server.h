#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace avisloop::test {

/// One connection as a script sees it.
class Peer {
 public:
  explicit Peer(int socket) : socket_(socket) {}
  ~Peer() { close(); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  /// A whole HTTP request with a Content-Length body; nothing at the end of the connection.
  std::optional<std::string> read_request();
  /// A line without its line end; nothing at the end of the connection.
  std::optional<std::string> read_line();
  void write(std::string_view text);
  /// Reads until the other side is gone.
  void wait_for_end();
  void close();
  /// Closes with RST instead of FIN.
  void reset();

 private:
  bool read_more();

  int socket_;
  std::string buffer_;
};

/// A server on a loopback port whose behaviour is the script: called for one connection after the other, with its
/// number from 1, on a thread of its own.
class MisbehavingServer {
 public:
  using Script = std::function<void(Peer&, int connection)>;

  explicit MisbehavingServer(Script script);
  ~MisbehavingServer();
  MisbehavingServer(const MisbehavingServer&) = delete;
  MisbehavingServer& operator=(const MisbehavingServer&) = delete;

  int port() const { return port_; }
  std::string url(std::string_view scheme = "http") const;

 private:
  void serve();

  Script script_;
  int listener_;
  int port_ = 0;
  std::atomic<int> current_{-1};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

/// `HTTP/1.1 201 Created` with a JSON body, keeping the connection.
std::string http_answer(int status, std::string_view body, std::string_view more_headers = {});

}  // namespace avisloop::test
