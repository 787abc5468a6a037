#include "tests/emulator/server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "core/providers/mail_dates.h"

namespace avisloop::emulator {
namespace {

constexpr std::size_t kKeptRequests = 200;
constexpr std::size_t kMostRequest = std::size_t{64} << 20;

std::string_view word_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 429:
      return "Too Many Requests";
    case 500:
      return "Internal Server Error";
    default:
      return "Status";
  }
}

Reply provider_error(std::string_view provider, int status, std::string_view code, std::string_view message) {
  return provider == "twilio" ? twilio_error(status, code, message) : resend_error(status, code, message);
}

}  // namespace

Server::Server(World& world, int port, Micros latency)
    : world_(world),
      steady_(make_system_clock()),
      latency_(latency),
      listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)),
      epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  const int on = 1;
  setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, generic, size) != 0 || listen(listener_, 4096) != 0 ||
      getsockname(listener_, generic, &size) != 0) {
    throw std::runtime_error(fmt::format("cannot listen on port {}", port));
  }
  port_ = ntohs(address.sin_port);
  epoll_event event{.events = EPOLLIN, .data = {.fd = listener_}};
  epoll_ctl(epoll_, EPOLL_CTL_ADD, listener_, &event);
}

Server::~Server() {
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    if (connections_[i]) close(static_cast<int>(i));
  }
  close(listener_);
  close(epoll_);
}

void Server::run() {
  std::array<epoll_event, 512> events{};
  for (;;) {
    const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait_millis());
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      const int socket = event.data.fd;
      if (socket == listener_) {
        accept_all();
        continue;
      }
      auto& slot = connections_[static_cast<std::size_t>(socket)];
      if (!slot) continue;
      if ((event.events & EPOLLOUT) != 0 && !flush(socket, *slot)) continue;
      if ((event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) read_from(socket);
    }
    fire_timers();
  }
}

void Server::accept_all() {
  for (;;) {
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket < 0) return;
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const auto index = static_cast<std::size_t>(socket);
    if (connections_.size() <= index) connections_.resize(index + 1);
    connections_[index] = std::make_unique<Connection>();
    connections_[index]->serial = ++last_serial_;
    epoll_event event{.events = EPOLLIN, .data = {.fd = socket}};
    epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event);
  }
}

void Server::read_from(int socket) {
  Connection& connection = *connections_[static_cast<std::size_t>(socket)];
  std::array<char, 65536> chunk;
  const ssize_t count = recv(socket, chunk.data(), chunk.size(), 0);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) return drop(socket, false);
  if (connection.muted) return;
  connection.in.append(chunk.data(), static_cast<std::size_t>(count));
  if (connection.in.size() > kMostRequest) return drop(socket, true);
  Verdict verdict = Verdict::handled;
  while (verdict == Verdict::handled && connection.waiting == 0)
    verdict = take_request(socket, connection);
  if (verdict != Verdict::gone) flush(socket, connection);
}

/// Handles one request if it is whole. `gone` when the connection exists no more.
Server::Verdict Server::take_request(int socket, Connection& connection) {
  const std::string_view in = connection.in;
  const auto end = in.find("\r\n\r\n");
  if (end == std::string_view::npos) return Verdict::more;
  std::size_t length = 0;
  if (!read_head(in.substr(0, end + 4), call_, length)) {
    world_.violate("http", "a request that cannot be read");
    drop(socket, true);
    return Verdict::gone;
  }
  call_.kept_alive = connection.served;
  call_.body = {};
  if (!connection.head_judged && !world_.faults.empty()) {
    connection.head_judged = true;
    const Route route = route_of(call_);
    if (world_.faults.strikes_before_body(route.provider, route.operation, call_)) {
      drop(socket, true);
      return Verdict::gone;
    }
  }
  const std::size_t whole = end + 4 + length;
  if (in.size() < whole) return Verdict::more;
  call_.body = in.substr(end + 4, length);
  if (!serve(socket, connection, call_)) return Verdict::gone;
  connection.served = true;
  connection.head_judged = false;
  connection.in.erase(0, whole);
  return connection.muted ? Verdict::more : Verdict::handled;
}

/// False when the connection exists no more.
bool Server::serve(int socket, Connection& connection, const Call& call) {
  if (call.path.starts_with("/_emulator/")) {
    answer(socket, connection, answer_control(world_, call), Micros{0});
    return true;
  }
  ++world_.request_count;
  std::string raw;
  if (world_.requests.size() == kKeptRequests) {
    raw = std::move(world_.requests.front());  // keeps its memory
    world_.requests.pop_front();
  }
  raw.assign(connection.in, 0, static_cast<std::size_t>(call.body.data() - connection.in.data()) + call.body.size());
  world_.requests.push_back(std::move(raw));
  const Route route = route_of(call);
  if (route.provider.empty()) {
    world_.violate("http", fmt::format("no such call: {} {}", call.method, call.path));
    answer(socket, connection, {.status = 404, .body = "{}"}, Micros{0});
    return true;
  }
  return serve_provider(socket, connection, call, route);
}

bool Server::serve_provider(int socket, Connection& connection, const Call& call, const Route& route) {
  if (!world_.faults.empty()) {
    if (const auto fault = world_.faults.strike(route.provider, route.operation, call)) {
      return misbehave(socket, connection, call, route, *fault);
    }
  }
  const Reply reply = route.provider == "twilio" ? answer_twilio(world_, route.operation, call)
                                                 : answer_resend(world_, route.operation, call);
  answer(socket, connection, reply, latency_);
  return true;
}

bool Server::misbehave(int socket, Connection& connection, const Call& call, const Route& route,
                       const ScriptedFault& fault) {
  const std::string& name = fault.name;
  Reply reply;
  if (fault.accepts()) {
    reply = route.provider == "twilio" ? answer_twilio(world_, route.operation, call)
                                       : answer_resend(world_, route.operation, call);
  }
  if (name == "rate_limited" || name == "error") {
    const bool limited = name == "rate_limited";
    const std::string_view usual = route.provider == "twilio" ? "20429" : "rate_limit_exceeded";
    const std::string_view code = fault.code.empty() ? usual : std::string_view(fault.code);
    reply = provider_error(route.provider, limited ? 429 : fault.status, code, fault.message);
    if (!fault.retry_after.empty()) reply.headers = fmt::format("Retry-After: {}\r\n", fault.retry_after);
  } else if (name.starts_with("server_error")) {
    reply =
        provider_error(route.provider, 500, route.provider == "twilio" ? "20500" : "application_error", fault.message);
  } else if (name.starts_with("hang")) {
    connection.muted = true;
    return true;
  } else if (name.starts_with("reset") || name.starts_with("close")) {
    drop(socket, name.starts_with("reset"));
    return false;
  } else if (name == "malformed") {
    reply.body.resize(reply.body.size() / 2);
  } else if (name == "wrong_type") {
    reply.content_type = "text/html";
    reply.body = "<html><body>hello</body></html>";
  } else if (name == "huge") {
    reply.body.assign(std::size_t{10} << 20, ' ');
  }
  std::string bytes = to_bytes(reply);
  const Micros wait = std::chrono::milliseconds{fault.delay_ms};
  if (name == "slow") {
    later(socket, connection, std::move(bytes), latency_, std::max(1, fault.delay_ms), false);
  } else if (name == "cut_header" || name == "cut_body") {
    bytes.resize(name == "cut_header" ? bytes.find("\r\n") / 2 : bytes.size() - reply.body.size() / 2);
    later(socket, connection, std::move(bytes), latency_, 0, true);
  } else {
    answer(socket, connection, reply, latency_ + (name == "delay" ? wait : Micros{0}));
    return true;
  }
  ++connection.waiting;
  return true;
}

void Server::answer(int socket, Connection& connection, const Reply& reply, Micros delay) {
  if (delay <= Micros{0}) {
    connection.out += to_bytes(reply);
    return;
  }
  ++connection.waiting;
  later(socket, connection, to_bytes(reply), delay, 0, false);
}

void Server::later(int socket, const Connection& connection, std::string bytes, Micros delay, int drip_ms,
                   bool close_after) {
  timers_.push({now() + delay, ++last_order_, socket, connection.serial, std::move(bytes), drip_ms, close_after});
}

void Server::fire_timers() {
  while (!timers_.empty() && timers_.top().due <= now()) {
    Timer timer = timers_.top();
    timers_.pop();
    auto& slot = connections_[static_cast<std::size_t>(timer.socket)];
    if (!slot || slot->serial != timer.serial) continue;
    Connection& connection = *slot;
    if (timer.drip_ms > 0 && timer.bytes.size() > 1) {
      connection.out += timer.bytes.front();
      later(timer.socket, connection, timer.bytes.substr(1), std::chrono::milliseconds{timer.drip_ms}, timer.drip_ms,
            false);
      flush(timer.socket, connection);
      continue;
    }
    connection.out += timer.bytes;
    connection.close_when_sent = timer.close_after;
    --connection.waiting;
    Verdict verdict = Verdict::handled;
    while (verdict == Verdict::handled && connection.waiting == 0)
      verdict = take_request(timer.socket, connection);
    if (verdict != Verdict::gone) flush(timer.socket, connection);
  }
}

int Server::wait_millis() const {
  if (timers_.empty()) return -1;
  const Micros left = timers_.top().due - steady_->steady();
  return static_cast<int>(std::max<std::int64_t>(0, std::chrono::ceil<std::chrono::milliseconds>(left).count()));
}

/// False when the connection exists no more.
bool Server::flush(int socket, Connection& connection) {
  std::size_t sent = 0;
  while (sent < connection.out.size()) {
    const ssize_t count = send(socket, connection.out.data() + sent, connection.out.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) break;
    if (count < 0) {
      drop(socket, false);
      return false;
    }
    sent += static_cast<std::size_t>(count);
  }
  connection.out.erase(0, sent);
  const bool wants = !connection.out.empty();
  if (wants != connection.wants_write) {
    epoll_event event{.events = EPOLLIN | (wants ? std::uint32_t{EPOLLOUT} : 0U), .data = {.fd = socket}};
    epoll_ctl(epoll_, EPOLL_CTL_MOD, socket, &event);
    connection.wants_write = wants;
  }
  if (wants || !connection.close_when_sent) return true;
  drop(socket, false);
  return false;
}

void Server::drop(int socket, bool reset) {
  if (reset) {
    const linger now{.l_onoff = 1, .l_linger = 0};
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  }
  connections_[static_cast<std::size_t>(socket)].reset();
  close(socket);
}

std::string Server::to_bytes(const Reply& reply) {
  const Instant second = std::chrono::floor<std::chrono::seconds>(world_.clock->now());
  if (second != date_at_ || date_.empty()) {
    date_at_ = second;
    date_ = format_mail_date(second);
    date_.replace(date_.size() - 5, 5, "GMT");
  }
  std::string bytes =
      fmt::format("HTTP/1.1 {} {}\r\nDate: {}\r\nContent-Type: {}\r\n{}Content-Length: {}\r\n\r\n", reply.status,
                  word_of(reply.status), date_, reply.content_type, reply.headers, reply.body.size());
  bytes += reply.body;
  return bytes;
}

}  // namespace avisloop::emulator
