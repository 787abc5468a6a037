#include "core/net/transport.h"

#include <algorithm>

#include "core/net/curl_exchange.h"
#include "core/net/file_drops.h"

namespace avisloop {
namespace {

/// The part that needs libcurl: one multi handle, and easy handles that are used again and again.
class CurlEngine {
 public:
  CurlEngine(const LibCurl& curl, int most_connections) : curl_(curl), multi_(curl.multi_init()) {
    curl.multi_setopt(multi_, CURLMOPT_PIPELINING, long{CURLPIPE_NOTHING});
    curl.multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, long{most_connections});
    curl.multi_setopt(multi_, CURLMOPT_MAXCONNECTS, long{most_connections} + 8);
  }

  CurlEngine(const CurlEngine&) = delete;
  CurlEngine& operator=(const CurlEngine&) = delete;

  ~CurlEngine() {
    mail_sockets_.shut(idle_mail_.size() < mail_.size());
    for (const auto& exchange : http_)
      curl_.multi_remove_handle(multi_, exchange->easy());
    for (const auto& exchange : mail_)
      curl_.multi_remove_handle(multi_, exchange->easy());
    curl_.multi_cleanup(multi_);
  }

  /// Answers what forbids the request, empty = it is under way.
  std::string start(Ticket ticket, HttpRequest request) {
    if (idle_http_.empty()) idle_http_.push_back(http_.emplace_back(std::make_unique<HttpExchange>(curl_)).get());
    return start(ticket, std::move(request), idle_http_);
  }

  std::string start(Ticket ticket, MailRequest request) {
    if (idle_mail_.empty()) {
      idle_mail_.push_back(mail_.emplace_back(std::make_unique<MailExchange>(curl_, mail_sockets_)).get());
    }
    return start(ticket, std::move(request), idle_mail_);
  }

  void poll(Micros longest, std::vector<std::pair<Ticket, WireResult>>& results) {
    int running = 0;
    curl_.multi_perform(multi_, &running);
    collect(results);
    if (!results.empty() || in_flight_ == 0 || longest <= Micros{0}) return;
    const auto millis = std::chrono::ceil<std::chrono::milliseconds>(longest).count();
    curl_.multi_poll(multi_, nullptr, 0, static_cast<int>(std::min<std::int64_t>(millis, 60'000)), nullptr);
    curl_.multi_perform(multi_, &running);
    collect(results);
  }

  std::size_t in_flight() const { return in_flight_; }

 private:
  template <class Request, class Exchange>
  std::string start(Ticket ticket, Request request, std::vector<Exchange*>& idle) {
    Exchange& exchange = *idle.back();
    if (std::string problem = exchange.prepare(std::move(request)); !problem.empty()) return problem;
    exchange.ticket = ticket;
    idle.pop_back();
    curl_.multi_add_handle(multi_, exchange.easy());
    ++in_flight_;
    return {};
  }

  void collect(std::vector<std::pair<Ticket, WireResult>>& results) {
    int left = 0;
    while (const CURLMsg* message = curl_.multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* easy = message->easy_handle;
      const CURLcode code = message->data.result;
      CurlExchange* exchange = nullptr;
      curl_.easy_getinfo(easy, CURLINFO_PRIVATE, &exchange);
      results.emplace_back(exchange->ticket, exchange->finish(code));
      curl_.multi_remove_handle(multi_, easy);
      --in_flight_;
      if (auto* http = dynamic_cast<HttpExchange*>(exchange)) idle_http_.push_back(http);
      if (auto* mail = dynamic_cast<MailExchange*>(exchange)) idle_mail_.push_back(mail);
    }
  }

  const LibCurl& curl_;
  CURLM* multi_;
  OpenMailSockets mail_sockets_;
  std::vector<std::unique_ptr<HttpExchange>> http_;
  std::vector<std::unique_ptr<MailExchange>> mail_;
  std::vector<HttpExchange*> idle_http_;
  std::vector<MailExchange*> idle_mail_;
  std::size_t in_flight_ = 0;
};

class WireTransport : public Transport {
 public:
  explicit WireTransport(int most_connections) : most_connections_(std::max(1, most_connections)) {}

  void start(Ticket ticket, WireRequest request) override {
    if (auto* drop = std::get_if<FileDrop>(&request)) {
      drops_.emplace_back(ticket, std::move(*drop));
      return;
    }
    std::string problem = open_engine();
    if (problem.empty()) {
      auto* http = std::get_if<HttpRequest>(&request);
      problem = http != nullptr ? engine_->start(ticket, std::move(*http))
                                : engine_->start(ticket, std::move(std::get<MailRequest>(request)));
    }
    if (problem.empty()) return;
    WireResult refused;
    refused.stage = WireStage::not_sent;
    refused.error = std::move(problem);
    refused_.emplace_back(ticket, std::move(refused));
  }

  std::vector<std::pair<Ticket, WireResult>> poll(Micros longest) override {
    std::vector<std::pair<Ticket, WireResult>> results = std::exchange(refused_, {});
    if (!drops_.empty()) std::ranges::move(carry_out(std::exchange(drops_, {})), std::back_inserter(results));
    if (engine_) engine_->poll(results.empty() ? longest : Micros{0}, results);
    return results;
  }

  std::size_t in_flight() const override {
    return refused_.size() + drops_.size() + (engine_ ? engine_->in_flight() : 0);
  }

 private:
  std::string open_engine() {
    if (engine_) return {};
    const auto curl = load_libcurl();
    if (!curl) return curl.error().message;
    engine_ = std::make_unique<CurlEngine>(**curl, most_connections_);
    return {};
  }

  int most_connections_;
  std::unique_ptr<CurlEngine> engine_;
  std::vector<std::pair<Ticket, FileDrop>> drops_;
  std::vector<std::pair<Ticket, WireResult>> refused_;
};

}  // namespace

WireResult exchange(Transport& transport, WireRequest request) {
  transport.start(0, std::move(request));
  for (;;) {
    auto results = transport.poll(std::chrono::seconds{1});
    if (!results.empty()) return std::move(results.front().second);
  }
}

std::unique_ptr<Transport> make_transport(int most_connections) {
  return std::make_unique<WireTransport>(most_connections);
}

}  // namespace avisloop
