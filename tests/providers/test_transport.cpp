#include <doctest/doctest.h>

#include <chrono>
#include <ostream>
#include <vector>

#include "core/net/transport.h"
#include "tests/providers/misbehaving_server.h"

namespace avisloop {
namespace {

using test::http_answer;
using test::MisbehavingServer;
using test::Peer;

constexpr Micros kShort = std::chrono::milliseconds{250};

HttpRequest post(const std::string& url, std::string body = "To=%2B15125550142&Body=hello") {
  HttpRequest request;
  request.url = url;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  request.body = std::move(body);
  request.timeout = std::chrono::seconds{5};
  return request;
}

WireResult once(HttpRequest request) {
  return exchange(*make_transport(4), std::move(request));
}

/// What one request comes to when the server does `act` after it has read it.
WireResult after_reading(std::function<void(Peer&)> act, Micros timeout = std::chrono::seconds{5}) {
  const MisbehavingServer server([&](Peer& peer, int) {
    if (peer.read_request()) act(peer);
  });
  HttpRequest request = post(server.url());
  request.timeout = timeout;
  return once(std::move(request));
}

/// The server answers the first request, reads the second whole and ends the connection; every later one it answers.
/// Answers how many requests it saw and what the second came to.
std::pair<int, WireResult> second_post_lost(bool by_reset, std::string body, bool repeatable = false) {
  std::atomic<int> seen{0};
  WireResult second;
  const MisbehavingServer server([&](Peer& peer, int connection) {
    while (peer.read_request()) {
      ++seen;
      if (connection == 1 && seen == 2) return by_reset ? peer.reset() : peer.close();
      peer.write(http_answer(201, R"({"sid":"SM1"})"));
    }
  });
  const auto transport = make_transport(4);
  const WireResult first = exchange(*transport, post(server.url()));
  CHECK(first.status == 201);
  HttpRequest request = post(server.url(), std::move(body));
  request.repeatable = repeatable;
  second = exchange(*transport, std::move(request));
  return {seen.load(), second};
}

}  // namespace

TEST_CASE("P1 never twice: a POST whose kept-alive connection ends after it was read is not written again") {
  for (const bool by_reset : {false, true}) {
    for (const char* body : {"To=%2B15125550142&Body=hello", ""}) {
      CAPTURE(by_reset);
      CAPTURE(body);
      const auto [seen, second] = second_post_lost(by_reset, body);
      CHECK(seen == 2);
      CHECK(second.stage == WireStage::unclear);
      CHECK(second.status == 0);
      CHECK_FALSE(second.error.empty());
    }
  }
}

TEST_CASE("The same loss is repeated by libcurl when the request says that a second copy does no harm") {
  const auto [seen, second] = second_post_lost(false, "{}", true);
  CHECK(seen == 3);
  CHECK(second.stage == WireStage::answered);
  CHECK(second.status == 201);
}

TEST_CASE("An exchange tells status, headers in lower case and body, and connections are used again") {
  std::vector<std::string> requests;
  int connections = 0;
  {
    const MisbehavingServer server([&](Peer& peer, int connection) {
      connections = connection;
      while (auto request = peer.read_request()) {
        requests.push_back(*request);
        peer.write(http_answer(429, R"({"code":20429})", "Retry-After: 7\r\nX-Other:  a b \r\n"));
      }
    });
    const auto transport = make_transport(4);
    for (int i = 0; i < 3; ++i) {
      HttpRequest request = post(server.url() + "/2010-04-01/x.json");
      request.user = "AC1";
      request.password = "secret";
      const WireResult result = exchange(*transport, std::move(request));
      CHECK(result.stage == WireStage::answered);
      CHECK(result.status == 429);
      CHECK(result.body_complete);
      CHECK(result.body == R"({"code":20429})");
      CHECK(result.headers.at("retry-after") == "7");
      CHECK(result.headers.at("x-other") == "a b");
      CHECK(result.error.empty());
    }
    HttpRequest get;
    get.method = "GET";
    get.url = server.url() + "/list";
    get.repeatable = true;
    CHECK(exchange(*transport, get).status == 429);
  }
  CHECK(connections == 1);
  REQUIRE(requests.size() == 4);
  CHECK(requests[0].starts_with("POST /2010-04-01/x.json HTTP/1.1\r\n"));
  CHECK(requests[0].find("Authorization: Basic QUMxOnNlY3JldA==\r\n") != std::string::npos);
  CHECK(requests[0].find("User-Agent: avisloop/") != std::string::npos);
  CHECK(requests[0].find("Expect:") == std::string::npos);
  CHECK(requests[0].ends_with("\r\n\r\nTo=%2B15125550142&Body=hello"));
  CHECK(requests[3].starts_with("GET /list HTTP/1.1\r\n"));
  CHECK(requests[3].find("Authorization") == std::string::npos);
  CHECK(requests[3].ends_with("\r\n\r\n"));
}

TEST_CASE("A request that never reached a server is not sent") {
  CHECK(once(post("http://127.0.0.1:1/x")).stage == WireStage::not_sent);
  for (const char* url : {"http://example.com/x", "ftp://127.0.0.1/x", "http://127.0.0.1@example.com/", "",
                          "http://127.0.0.1.example.com/", "file:///etc/passwd"}) {
    CAPTURE(url);
    const WireResult result = once(post(url));
    CHECK(result.stage == WireStage::not_sent);
    CHECK(result.error == "the URL is neither https nor at a loopback address");
  }
  HttpRequest injected = post("http://127.0.0.1:1/x");
  injected.headers.emplace_back("Idempotency-Key", "a\r\nX-Evil: 1");
  CHECK(once(injected).error == "a header holds a line break");
  HttpRequest odd = post("http://127.0.0.1:1/x");
  odd.method = "TRACE";
  CHECK(once(odd).stage == WireStage::not_sent);
}

TEST_CASE("A TLS handshake that hangs is not sent") {
  const MisbehavingServer server([](Peer& peer, int) { peer.wait_for_end(); });
  HttpRequest request = post("https://127.0.0.1:" + std::to_string(server.port()));
  request.timeout = kShort;
  const WireResult result = once(std::move(request));
  CHECK(result.stage == WireStage::not_sent);
  CHECK_FALSE(result.error.empty());
}

TEST_CASE("What is written but not answered is unclear") {
  CHECK(after_reading([](Peer& peer) { peer.close(); }).stage == WireStage::unclear);
  CHECK(after_reading([](Peer& peer) { peer.reset(); }).stage == WireStage::unclear);
  CHECK(after_reading([](Peer& peer) { peer.wait_for_end(); }, kShort).stage == WireStage::unclear);
  CHECK(after_reading([](Peer& peer) { peer.write("HTTP/1.1 20"), peer.close(); }).stage == WireStage::unclear);
  CHECK(after_reading([](Peer& peer) { peer.write("hello there\r\n"), peer.close(); }).stage == WireStage::unclear);
  const MisbehavingServer reset_at_once([](Peer& peer, int) { peer.reset(); });
  CHECK(once(post(reset_at_once.url())).stage == WireStage::unclear);
}

TEST_CASE("A status line decides, also when the rest of the answer is lost") {
  const std::string head = "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n";
  const auto incomplete = [](const WireResult& result) {
    CHECK(result.stage == WireStage::answered);
    CHECK(result.status == 201);
    CHECK_FALSE(result.body_complete);
    CHECK_FALSE(result.error.empty());
  };
  incomplete(after_reading([&](Peer& peer) { peer.write(head + R"({"sid":)"), peer.close(); }));
  incomplete(after_reading([&](Peer& peer) { peer.write(head + R"({"sid":)"), peer.wait_for_end(); }, kShort));
  incomplete(after_reading([&](Peer& peer) {
    peer.write("HTTP/1.1 201 Created\r\nContent-Length: 20000000\r\n\r\n");
    const std::string block(1 << 16, 'x');
    for (int i = 0; i < 100; ++i)
      peer.write(block);
  }));
}

TEST_CASE("An interim answer is not an answer, and its headers are forgotten") {
  CHECK(after_reading([](Peer& peer) {
          peer.write("HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\n"), peer.close();
        }).stage == WireStage::unclear);
  const WireResult result = after_reading(
      [](Peer& peer) { peer.write("HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\n" + http_answer(201, "{}")); });
  CHECK(result.status == 201);
  CHECK_FALSE(result.headers.contains("x-interim"));
}

TEST_CASE("A redirect is answered, not followed") {
  std::atomic<int> seen{0};
  const MisbehavingServer server([&](Peer& peer, int) {
    while (peer.read_request())
      ++seen, peer.write(http_answer(307, "{}", "Location: /elsewhere\r\n"));
  });
  CHECK(once(post(server.url())).status == 307);
  CHECK(seen == 1);
}

TEST_CASE("Many requests are under way together and come out under their tickets") {
  const MisbehavingServer server([](Peer& peer, int) {
    while (auto request = peer.read_request()) {
      peer.write(http_answer(200, request->substr(request->find("\r\n\r\n") + 4), "Connection: close\r\n"));
      peer.close();
    }
  });
  const auto transport = make_transport(8);
  for (Ticket ticket = 1; ticket <= 20; ++ticket)
    transport->start(ticket, post(server.url(), std::to_string(ticket)));
  CHECK(transport->in_flight() == 20);
  std::size_t done = 0;
  while (transport->in_flight() > 0) {
    for (const auto& [ticket, result] : transport->poll(std::chrono::seconds{1})) {
      CHECK(result.body == std::to_string(ticket));
      ++done;
    }
  }
  CHECK(done == 20);
}

}  // namespace avisloop
