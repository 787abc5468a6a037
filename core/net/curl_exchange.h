#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "core/net/libcurl.h"
#include "core/net/transport.h"

namespace avisloop {

/// One request under way on an easy handle of its own. Exchanges are pooled: options that never change are set once.
class CurlExchange {
 public:
  explicit CurlExchange(const LibCurl& curl);
  virtual ~CurlExchange();
  CurlExchange(const CurlExchange&) = delete;
  CurlExchange& operator=(const CurlExchange&) = delete;

  /// What the finished transfer came to. `code` is libcurl's answer.
  virtual WireResult finish(CURLcode code) = 0;

  CURL* easy() const { return easy_; }
  Ticket ticket = 0;

 protected:
  template <class Value>
  void set(CURLoption option, Value value) {
    curl_.easy_setopt(easy_, option, value);
  }
  template <class Value>
  Value get(CURLINFO info) const {
    Value value{};
    curl_.easy_getinfo(easy_, info, &value);
    return value;
  }

  /// Forgets the last request: must be called before each.
  void begin(bool repeatable, Micros connect_timeout, Micros timeout);
  bool reached_the_wire() const;
  std::string describe(CURLcode code) const;

  const LibCurl& curl_;

 private:
  static int before_request(void* self, char*, char*, int, int);

  CURL* easy_;
  bool repeatable_ = false;
  int requests_ = 0;  ///< how often libcurl was about to write the request
  Micros connect_timeout_{0};
  Micros timeout_{0};
  std::array<char, CURL_ERROR_SIZE> error_{};
};

class HttpExchange : public CurlExchange {
 public:
  explicit HttpExchange(const LibCurl& curl);
  ~HttpExchange() override;

  /// Answers what forbids the request, empty = it may be started.
  std::string prepare(HttpRequest request);
  WireResult finish(CURLcode code) override;

 private:
  static std::size_t take_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t take_body(char* data, std::size_t size, std::size_t count, void* self);
  std::string set_target(const HttpRequest& request);
  void set_headers(const HttpRequest& request);

  HttpRequest request_;
  WireResult result_;
  curl_slist* headers_ = nullptr;
};

class OpenMailSockets;

class MailExchange : public CurlExchange {
 public:
  MailExchange(const LibCurl& curl, OpenMailSockets& sockets);
  ~MailExchange() override;
  std::string prepare(const MailRequest& request);
  WireResult finish(CURLcode code) override;

 private:
  static std::size_t take_reply(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t give_message(char* data, std::size_t size, std::size_t count, void* self);

  std::string message_;
  std::size_t given_ = 0;
  std::string reply_;
  curl_slist* recipients_ = nullptr;
};

/// The sockets of SMTP connections. When libcurl closes an idle one it says QUIT, and at the end of a multi handle it
/// waits up to two minutes for the answer. When it drops one in the middle of a message it ends the message properly,
/// so that the server would take what it has for the whole.
class OpenMailSockets {
 public:
  /// To be called before the end: shuts the reading side, so that nothing waits; with `in_flight` also the writing
  /// side, so that no torn message is ended.
  void shut(bool in_flight);

  static curl_socket_t open(void* self, curlsocktype, curl_sockaddr* address);
  static int close(void* self, curl_socket_t socket);

 private:
  std::vector<int> sockets_;
};

}  // namespace avisloop
