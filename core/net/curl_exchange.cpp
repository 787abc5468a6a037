#include "core/net/curl_exchange.h"

#include <fmt/format.h>

#include "core/base/text.h"

namespace avisloop {
namespace {

long to_millis(Micros duration) {
  return static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(duration).count());
}

}  // namespace

CurlExchange::CurlExchange(const LibCurl& curl) : curl_(curl), easy_(curl.easy_init()) {
  set(CURLOPT_PRIVATE, this);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_ERRORBUFFER, error_.data());
  set(CURLOPT_PREREQFUNCTION, &CurlExchange::before_request);
  set(CURLOPT_PREREQDATA, this);
  set(CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");
}

CurlExchange::~CurlExchange() {
  curl_.easy_cleanup(easy_);
}

void CurlExchange::begin(bool repeatable, Micros connect_timeout, Micros timeout) {
  repeatable_ = repeatable;
  requests_ = 0;
  error_[0] = '\0';
  if (connect_timeout != connect_timeout_) set(CURLOPT_CONNECTTIMEOUT_MS, to_millis(connect_timeout));
  if (timeout != timeout_) set(CURLOPT_TIMEOUT_MS, to_millis(timeout));
  connect_timeout_ = connect_timeout;
  timeout_ = timeout;
}

/// libcurl writes a request again by itself when a kept-alive connection ends without an answer, although the server
/// may have read the first copy. This is asked before every copy, so it is the one place where a second can be stopped,
/// whatever the body and the version of libcurl.
int CurlExchange::before_request(void* self, char*, char*, int, int) {
  auto& exchange = *static_cast<CurlExchange*>(self);
  const bool first = exchange.requests_++ == 0;
  return first || exchange.repeatable_ ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

bool CurlExchange::reached_the_wire() const {
  return requests_ > 0 || get<long>(CURLINFO_REQUEST_SIZE) != 0 || get<curl_off_t>(CURLINFO_PRETRANSFER_TIME_T) != 0;
}

std::string CurlExchange::describe(CURLcode code) const {
  if (!repeatable_ && requests_ > 1) return "the connection ended without an answer";
  return printable(error_[0] != '\0' ? error_.data() : curl_.easy_strerror(code));
}

}  // namespace avisloop
