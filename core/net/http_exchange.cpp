#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/net/curl_exchange.h"

namespace avisloop {
namespace {

constexpr std::size_t kMostBody = std::size_t{1} << 20;
constexpr long kLongestIdleSeconds = 5;

/// Plain HTTP is for the loopback address only: everywhere else it would show credentials and messages to the network.
bool is_loopback(std::string_view url) {
  constexpr std::string_view scheme = "http://";
  if (!url.starts_with(scheme)) return false;
  url.remove_prefix(scheme.size());
  const std::string_view authority = url.substr(0, url.find_first_of("/?#"));
  if (authority.find('@') != std::string_view::npos) return false;
  const std::string_view host = authority.starts_with('[') ? authority.substr(0, authority.find(']') + 1)
                                                           : authority.substr(0, authority.find(':'));
  const bool four = host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos;
  return four || host == "[::1]" || host == "localhost";
}

bool is_header_safe(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == text.npos;
}

}  // namespace

HttpExchange::HttpExchange(const LibCurl& curl) : CurlExchange(curl) {
  set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});  // HTTP/2 would add repeats of its own
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_MAXAGE_CONN, kLongestIdleSeconds);
  set(CURLOPT_USERAGENT, "avisloop/0.1.0");
  set(CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
  set(CURLOPT_HEADERFUNCTION, &HttpExchange::take_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &HttpExchange::take_body);
  set(CURLOPT_WRITEDATA, this);
  request_.method.clear();
}

HttpExchange::~HttpExchange() {
  curl_.slist_free_all(headers_);
}

std::string HttpExchange::prepare(HttpRequest request) {
  if (request.method != "GET" && request.method != "POST") return "a request is GET or POST, not " + request.method;
  for (const auto& [name, value] : request.headers) {
    if (!is_header_safe(name) || !is_header_safe(value)) return "a header holds a line break";
  }
  if (std::string problem = set_target(request); !problem.empty()) return problem;
  if (headers_ == nullptr || request.headers != request_.headers) set_headers(request);
  if (request.method != request_.method) set(request.method == "GET" ? CURLOPT_HTTPGET : CURLOPT_POST, 1L);
  request_ = std::move(request);
  if (request_.method == "POST") {
    set(CURLOPT_POSTFIELDS, request_.body.data());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
  }
  result_ = {};
  begin(request_.repeatable, request_.connect_timeout, request_.timeout);
  return {};
}

std::string HttpExchange::set_target(const HttpRequest& request) {
  if (request.url.empty() || request.url != request_.url) {
    const bool loopback = is_loopback(request.url);
    if (!loopback && !request.url.starts_with("https://")) return "the URL is neither https nor at a loopback address";
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, loopback ? "http" : "https");
  }
  if (request.user != request_.user || request.password != request_.password) {
    set(CURLOPT_USERNAME, request.user.empty() ? nullptr : request.user.c_str());
    set(CURLOPT_PASSWORD, request.user.empty() ? nullptr : request.password.c_str());
  }
  return {};
}

void HttpExchange::set_headers(const HttpRequest& request) {
  curl_.slist_free_all(headers_);
  headers_ = curl_.slist_append(nullptr, "Expect:");
  for (const auto& [name, value] : request.headers) {
    headers_ = curl_.slist_append(headers_, fmt::format("{}: {}", name, value).c_str());
  }
  set(CURLOPT_HTTPHEADER, headers_);
}

std::size_t HttpExchange::take_header(char* data, std::size_t size, std::size_t count, void* self) {
  auto& headers = static_cast<HttpExchange*>(self)->result_.headers;
  const std::string_view line(data, size * count);
  const auto colon = line.find(':');
  if (line.starts_with("HTTP/")) {
    headers.clear();  // what came before belongs to an interim answer
  } else if (colon != std::string_view::npos && headers.size() < 100) {
    headers.insert_or_assign(lower_ascii(line.substr(0, colon)), std::string(trim(line.substr(colon + 1))));
  }
  return size * count;
}

std::size_t HttpExchange::take_body(char* data, std::size_t size, std::size_t count, void* self) {
  std::string& body = static_cast<HttpExchange*>(self)->result_.body;
  const std::size_t length = std::min(size * count, kMostBody - body.size());
  body.append(data, length);
  return length;  // less than was given ends the transfer
}

WireResult HttpExchange::finish(CURLcode code) {
  WireResult result = std::move(result_);
  result.status = static_cast<int>(get<long>(CURLINFO_RESPONSE_CODE));
  const bool final_status = result.status >= 200;
  result.body_complete = code == CURLE_OK && final_status;
  result.stage = final_status ? WireStage::answered : reached_the_wire() ? WireStage::unclear : WireStage::not_sent;
  if (!result.body_complete) result.error = code == CURLE_OK ? "the answer has no status" : describe(code);
  return result;
}

}  // namespace avisloop
