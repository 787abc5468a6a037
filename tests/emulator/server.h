#pragma once

#include <cstdint>
#include <memory>
#include <queue>
#include <string>
#include <string_view>
#include <vector>

#include "tests/emulator/world.h"

namespace avisloop::emulator {

/// The HTTP/1.1 side: one thread, epoll, kept-alive connections, answers late or not at all when they shall be.
class Server {
 public:
  /// `latency` is added to every answer of a provider.
  Server(World& world, int port, Micros latency);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  int port() const { return port_; }

  /// Serves until the process ends.
  void run();

 private:
  struct Connection {
    std::uint64_t serial = 0;
    std::string in;
    std::string out;
    bool served = false;       ///< has had an answer
    bool head_judged = false;  ///< the faults before the body were asked for the request that is coming in
    bool muted = false;        ///< nothing more is read or written
    bool close_when_sent = false;
    bool wants_write = false;
    int waiting = 0;  ///< answers that are delayed; what follows them waits
  };

  /// Something that becomes due on a connection.
  struct Timer {
    Micros due;
    std::uint64_t order;
    int socket;
    std::uint64_t serial;
    std::string bytes;
    int drip_ms = 0;  ///< > 0: one byte now, the rest this much later
    bool close_after = false;
    bool operator<(const Timer& other) const { return due != other.due ? due > other.due : order > other.order; }
  };

  enum class Verdict { more, handled, gone };

  void accept_all();
  void read_from(int socket);
  Verdict take_request(int socket, Connection& connection);
  bool serve(int socket, Connection& connection, const Call& call);
  bool serve_provider(int socket, Connection& connection, const Call& call, const Route& route);
  bool misbehave(int socket, Connection& connection, const Call& call, const Route& route, const ScriptedFault& fault);
  void answer(int socket, Connection& connection, const Reply& reply, Micros delay);
  void later(int socket, const Connection& connection, std::string bytes, Micros delay, int drip_ms, bool close_after);
  bool flush(int socket, Connection& connection);
  void fire_timers();
  int wait_millis() const;
  void drop(int socket, bool reset);
  std::string to_bytes(const Reply& reply);
  Micros now() { return steady_->steady(); }

  World& world_;
  std::unique_ptr<Clock> steady_;
  Micros latency_;
  int listener_;
  int epoll_;
  int port_ = 0;
  std::uint64_t last_serial_ = 0;
  std::uint64_t last_order_ = 0;
  std::vector<std::unique_ptr<Connection>> connections_;  ///< by socket
  std::priority_queue<Timer> timers_;
  Instant date_at_{};
  std::string date_;
  Call call_;
};

}  // namespace avisloop::emulator
