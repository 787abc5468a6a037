#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "core/base/text.h"
#include "core/net/curl_exchange.h"
#include "core/net/mime.h"

namespace avisloop {
namespace {

constexpr int kStartInput = 354;  ///< "start mail input": the last reply before the message itself is answered

bool lacks_tls(CURLcode code) {
  return code == CURLE_USE_SSL_FAILED || code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CONNECT_ERROR ||
         code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CACERT_BADFILE;
}

}  // namespace

MailExchange::MailExchange(const LibCurl& curl, OpenMailSockets& sockets) : CurlExchange(curl) {
  set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set(CURLOPT_UPLOAD, 1L);
  set(CURLOPT_READFUNCTION, &MailExchange::give_message);
  set(CURLOPT_READDATA, this);
  set(CURLOPT_HEADERFUNCTION, &MailExchange::take_reply);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_OPENSOCKETFUNCTION, &OpenMailSockets::open);
  set(CURLOPT_OPENSOCKETDATA, &sockets);
  set(CURLOPT_CLOSESOCKETFUNCTION, &OpenMailSockets::close);
  set(CURLOPT_CLOSESOCKETDATA, &sockets);
}

MailExchange::~MailExchange() {
  curl_.slist_free_all(recipients_);
}

std::string MailExchange::prepare(const MailRequest& request) {
  if (!request.url.starts_with("smtp://") && !request.url.starts_with("smtps://")) {
    return "the mail server's URL is neither smtp:// nor smtps://";
  }
  if (!is_wire_safe_address(request.envelope_from) || !is_wire_safe_address(request.envelope_to)) {
    return "an envelope address cannot be used on the wire";
  }
  for (const auto& [name, value] : request.headers) {
    if (has_control_characters(name) || has_control_characters(value)) return "a header holds a control character";
  }
  message_ = render_mail(request.headers, request.text, request.html);
  given_ = 0;
  reply_.clear();
  set(CURLOPT_URL, request.url.c_str());
  set(CURLOPT_USE_SSL, long{request.require_tls ? CURLUSESSL_ALL : CURLUSESSL_NONE});
  set(CURLOPT_USERNAME, request.user.empty() ? nullptr : request.user.c_str());
  set(CURLOPT_PASSWORD, request.user.empty() ? nullptr : request.password.c_str());
  set(CURLOPT_MAIL_FROM, request.envelope_from.c_str());
  curl_.slist_free_all(recipients_);
  recipients_ = curl_.slist_append(nullptr, request.envelope_to.c_str());
  set(CURLOPT_MAIL_RCPT, recipients_);
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(request.timeout).count();
  set(CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(std::max<std::int64_t>(1, seconds)));
  begin(false, request.connect_timeout, request.timeout);
  return {};
}

std::size_t MailExchange::take_reply(char* data, std::size_t size, std::size_t count, void* self) {
  std::string& reply = static_cast<MailExchange*>(self)->reply_;
  const std::string_view line(data, std::min<std::size_t>(size * count, 1000));
  // What comes after a refusal, such as the answer to QUIT, does not say why.
  const bool refusal = line.starts_with('4') || line.starts_with('5');
  if (refusal || !(reply.starts_with('4') || reply.starts_with('5'))) reply = line;
  return size * count;
}

std::size_t MailExchange::give_message(char* data, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<MailExchange*>(self);
  const std::size_t length = std::min(size * count, exchange.message_.size() - exchange.given_);
  std::memcpy(data, exchange.message_.data() + exchange.given_, length);
  exchange.given_ += length;
  return length;
}

/// The server's last reply code tells how far the message got: nothing of it is written before 354, and after it the
/// message is answered by a code of its own. 354 at the end means that nobody knows.
WireResult MailExchange::finish(CURLcode code) {
  WireResult result;
  result.status = static_cast<int>(get<long>(CURLINFO_RESPONSE_CODE));
  result.body = std::string(trim(reply_));
  result.body_complete = code == CURLE_OK;
  result.untrusted = lacks_tls(code);
  const bool refused = result.status >= 400 && !result.untrusted;
  if ((code == CURLE_OK && result.status / 100 == 2) || refused) {
    result.stage = WireStage::answered;
  } else {
    result.stage = given_ > 0 || result.status == kStartInput ? WireStage::unclear : WireStage::not_sent;
  }
  if (code != CURLE_OK)
    result.error = refused ? fmt::format("the mail server answered {}", result.status) : describe(code);
  return result;
}

curl_socket_t OpenMailSockets::open(void* self, curlsocktype, curl_sockaddr* address) {
  const int socket = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (socket >= 0) static_cast<OpenMailSockets*>(self)->sockets_.push_back(socket);
  return socket;
}

int OpenMailSockets::close(void* self, curl_socket_t socket) {
  std::erase(static_cast<OpenMailSockets*>(self)->sockets_, socket);
  return ::close(socket);
}

void OpenMailSockets::shut(bool in_flight) {
  for (const int socket : sockets_)
    shutdown(socket, in_flight ? SHUT_RDWR : SHUT_RD);
}

}  // namespace avisloop
