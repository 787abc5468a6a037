#include "tests/providers/misbehaving_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <stdexcept>

#include "core/base/text.h"

namespace avisloop::test {

bool Peer::read_more() {
  char chunk[4096];
  const ssize_t count = socket_ < 0 ? 0 : recv(socket_, chunk, sizeof chunk, 0);
  if (count <= 0) return false;
  buffer_.append(chunk, static_cast<std::size_t>(count));
  return true;
}

std::optional<std::string> Peer::read_request() {
  std::size_t head = 0;
  while ((head = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!read_more()) return std::nullopt;
  }
  std::size_t length = 0;
  const std::string lower = lower_ascii(buffer_.substr(0, head));
  if (const auto at = lower.find("content-length: "); at != std::string::npos) {
    std::from_chars(lower.data() + at + 16, lower.data() + lower.size(), length);
  }
  while (buffer_.size() < head + 4 + length) {
    if (!read_more()) return std::nullopt;
  }
  std::string request = buffer_.substr(0, head + 4 + length);
  buffer_.erase(0, request.size());
  return request;
}

std::optional<std::string> Peer::read_line() {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n")) == std::string::npos) {
    if (!read_more()) return std::nullopt;
  }
  std::string line = buffer_.substr(0, end);
  buffer_.erase(0, end + 2);
  return line;
}

void Peer::write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
    if (count <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

void Peer::wait_for_end() {
  while (read_more())
    buffer_.clear();
}

void Peer::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

void Peer::reset() {
  const linger now{.l_onoff = 1, .l_linger = 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close();
}

MisbehavingServer::MisbehavingServer(Script script)
    : script_(std::move(script)), listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, generic, size) != 0 || listen(listener_, 16) != 0 ||
      getsockname(listener_, generic, &size) != 0) {
    throw std::runtime_error("the test server cannot listen");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

MisbehavingServer::~MisbehavingServer() {
  stopping_ = true;
  shutdown(listener_, SHUT_RDWR);
  if (const int socket = current_; socket >= 0) shutdown(socket, SHUT_RDWR);
  thread_.join();
  close(listener_);
}

std::string MisbehavingServer::url(std::string_view scheme) const {
  return fmt::format("{}://127.0.0.1:{}", scheme, port_);
}

void MisbehavingServer::serve() {
  for (int connection = 1; !stopping_; ++connection) {
    const int socket = accept(listener_, nullptr, nullptr);
    if (socket < 0) return;
    current_ = socket;
    if (stopping_) shutdown(socket, SHUT_RDWR);
    Peer peer(socket);
    script_(peer, connection);
    current_ = -1;
  }
}

std::string http_answer(int status, std::string_view body, std::string_view more_headers) {
  return fmt::format("HTTP/1.1 {} Word\r\nContent-Type: application/json\r\n{}Content-Length: {}\r\n\r\n{}", status,
                     more_headers, body.size(), body);
}

}  // namespace avisloop::test
