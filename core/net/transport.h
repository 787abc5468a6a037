#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/instant.h"
#include "core/base/result.h"

namespace avisloop {

struct HttpRequest {
  std::string method = "POST";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string user;  ///< HTTP Basic, empty = none
  std::string password;
  bool repeatable =
      false;  ///< a second copy does no harm (GET, or an idempotency key): connections may be re-used freely
  Micros connect_timeout = std::chrono::seconds{5};
  Micros timeout = std::chrono::seconds{30};
};

struct MailRequest {
  std::string url;  ///< smtp://host:587 or smtps://host:465
  std::string user;
  std::string password;
  bool require_tls = true;
  std::string envelope_from;
  std::string envelope_to;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string text;
  std::string html;
  Micros connect_timeout = std::chrono::seconds{10};
  Micros timeout = std::chrono::seconds{60};
};

/// A file that appears whole or not at all, and never over another: it is written beside its name, synced, linked to
/// its name, and the directory synced. Then `log_line` is appended to the log; drops of one `poll` share one write. The
/// files are the truth: a crash between file and log leaves the log a line short, and nobody writes it later.
struct FileDrop {
  std::string directory;
  std::string name;
  std::string content;
  std::string log_name;
  std::string log_line;
  bool look_only = false;  ///< only tell whether the file exists (status 200 or 404)
};

using WireRequest = std::variant<HttpRequest, MailRequest, FileDrop>;

/// How far a request got, by evidence alone.
enum class WireStage {
  not_sent,  ///< nothing of the request was written
  unclear,   ///< written in part or in full, and no complete answer was read
  answered,  ///< a complete status line (HTTP), final reply (SMTP) or file operation (outbox) tells
};

struct WireResult {
  WireStage stage = WireStage::unclear;
  int status = 0;  ///< HTTP status, SMTP reply code, or 201/200/404 of a file
  bool body_complete = false;
  std::string body;  ///< at most 1 MiB; of SMTP the server's reply, of a refused mail the refusal
  std::map<std::string, std::string> headers;  ///< names in lower case
  bool untrusted = false;  ///< no TLS that can be trusted was to be had: a bad certificate, or none offered
  std::string error;       ///< for people, when something went wrong on the way; no secrets, no addresses
};

using Ticket = std::uint64_t;

/// Carries many requests at once. One request is at most one copy on the wire: no automatic repeats, no redirects.
/// Used by one thread.
class Transport {
 public:
  virtual ~Transport() = default;

  /// Begins a request; its result comes out of `poll` under the ticket.
  virtual void start(Ticket ticket, WireRequest request) = 0;

  /// Moves everything along, waiting up to `longest` for something to happen, and answers what is finished.
  virtual std::vector<std::pair<Ticket, WireResult>> poll(Micros longest) = 0;

  virtual std::size_t in_flight() const = 0;
};

/// One request from start to end, for the commands that make a single one.
WireResult exchange(Transport& transport, WireRequest request);

/// libcurl (loaded at first use) for HTTP and SMTP, the file system for drops. At most `most_connections` per host.
std::unique_ptr<Transport> make_transport(int most_connections);

}  // namespace avisloop
