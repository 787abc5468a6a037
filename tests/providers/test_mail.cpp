#include <doctest/doctest.h>

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <ostream>

#include "core/net/mime.h"
#include "core/providers/all.h"
#include "tests/providers/misbehaving_server.h"
#include "tests/providers/outgoing.h"
#include "tests/support/child.h"
#include "tests/support/temp_folder.h"

namespace avisloop {
namespace {

using Kind = SendOutcome::Kind;
using test::MisbehavingServer;
using test::Peer;
using test::sample_email;

constexpr const char* kPython = "/usr/bin/python3";
const std::string kMailServer = AVISLOOP_SOURCE_DIR "/tests/support/mail_server.py";

std::unique_ptr<Provider> make(const std::string& url, SmtpTls tls = SmtpTls::none, bool login = false) {
  OrgSettings settings = test::sample_settings();
  settings.email.provider = EmailProvider::smtp;
  settings.smtp.url = url;
  settings.smtp.tls = tls;
  if (login) settings.smtp.username = "joe", settings.smtp.password.value = "secret";
  return std::move(make_provider(Channel::email, settings).value());
}

/// Sends through libcurl as `run-due` does, with a short time-out.
SendOutcome send(Transport& transport, const Provider& provider, const Outgoing& message) {
  auto request = std::get<MailRequest>(provider.build_send(std::span(&message, 1)));
  request.timeout = std::chrono::milliseconds{500};
  return provider.read_send(std::span(&message, 1), exchange(transport, std::move(request))).at(0);
}

struct Faults {
  std::string greeting = "220 here";
  std::string login = "235 ok";
  std::string sender = "250 ok";
  std::string recipient = "250 ok";
  std::string data = "354 go on";
  std::string end = "250 taken";  ///< empty = silence after the dot, "close" = the connection ends there
};

/// A mail server that answers by the book but for what `faults` says.
void serve_mail(Peer& peer, const Faults& faults) {
  peer.write(faults.greeting + "\r\n");
  while (const auto line = peer.read_line()) {
    std::string reply = "250 ok";
    if (line->starts_with("EHLO")) reply = "250-here\r\n250 AUTH PLAIN";
    if (line->starts_with("AUTH")) reply = faults.login;
    if (line->starts_with("MAIL")) reply = faults.sender;
    if (line->starts_with("RCPT")) reply = faults.recipient;
    if (line->starts_with("QUIT")) reply = "221 bye";
    if (*line == "DATA") {
      peer.write(faults.data + "\r\n");
      if (!faults.data.starts_with("354")) continue;
      for (auto body = peer.read_line(); body && *body != "."; body = peer.read_line())
        continue;
      if (faults.end == "close") return;
      if (faults.end.empty()) return peer.wait_for_end();
      reply = faults.end;
    }
    peer.write(reply + "\r\n");
  }
}

SendOutcome send_to(const Faults& faults, bool login = false) {
  const MisbehavingServer server([&](Peer& peer, int) { serve_mail(peer, faults); });
  return send(*make_transport(2), *make(server.url("smtp"), SmtpTls::none, login), sample_email());
}

nlohmann::json records(const std::string& path) {
  auto list = nlohmann::json::array();
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);)
    list.push_back(nlohmann::json::parse(line));
  return list;
}

void check_as_read_by_others(const nlohmann::json& mail, const Outgoing& sent) {
  CHECK(mail["type"] == "multipart/alternative");
  CHECK(mail["defects"].empty());
  CHECK(mail["bare_line_ends"] == 0);
  CHECK(mail["longest_line"] <= 78);
  CHECK(mail["text"] == sent.text + (sent.text.ends_with('\n') ? "" : "\n"));
  CHECK(mail["html"].get<std::string>().find(sent.html) == 0);
  const auto& headers = mail["headers"];
  CHECK(headers["subject"] == sent.subject);
  CHECK(headers["to"] == "Ana Núñez <ana@customer.test>");
  CHECK(headers["from"] == "\"Joe's Plumbing, Inc.\" <joe@joes.test>");
  CHECK(headers["reply-to"] == "office@joes.test");
  CHECK(headers["date"] == "Tue, 24 Nov 2026 15:00:00 +0000");
  CHECK(headers["message-id"] == "<0192f7a0-0000-7000-8000-000000000001@joes.test>");
  CHECK(headers["list-unsubscribe"] == "<https://joes.test/u/abc?x=1>");
  CHECK(headers["list-unsubscribe-post"] == "List-Unsubscribe=One-Click");
}

}  // namespace

TEST_CASE("An email in the outbox is read by other mail programs as it was meant") {
  const TempFolder folder;
  OrgSettings settings = test::sample_settings();
  settings.outbox.directory = folder.file("outbox");
  const auto outbox = std::move(make_provider(Channel::email, settings).value());
  const Outgoing email = sample_email();
  CHECK(exchange(*make_transport(1), outbox->build_send(std::span(&email, 1))).status == 201);
  const std::string file = folder.file("outbox/0192f7a0-0000-7000-8000-000000000001.eml");
  check_as_read_by_others(nlohmann::json::parse(test::output_of({kPython, kMailServer, "read", file})), email);
}

TEST_CASE("A real mail server takes emails over one connection and reads them as they were meant") {
  const TempFolder folder;
  const std::string file = folder.file("mails.jsonl");
  test::Child server({kPython, kMailServer, "serve", file});
  const std::string port = server.read_line();
  REQUIRE_FALSE(port.empty());
  const auto provider = make("smtp://127.0.0.1:" + port);
  const auto transport = make_transport(2);
  Outgoing plain = sample_email();
  plain.html.clear();
  plain.unsubscribe = "stop@joes.test";
  for (const Outgoing& email : {sample_email(), plain}) {
    const SendOutcome outcome = send(*transport, *provider, email);
    CHECK(outcome.kind == Kind::accepted);
    CHECK(outcome.provider_id == to_string(email.message));
    CHECK(outcome.cost_micros == 400);
  }
  const auto mails = records(file);
  REQUIRE(mails.size() == 2);
  check_as_read_by_others(mails[0], sample_email());
  CHECK(mails[0]["mail_from"] == "joe@joes.test");
  CHECK(mails[0]["rcpt_tos"] == nlohmann::json::array({"ana@customer.test"}));
  CHECK(mails[1]["type"] == "text/plain");
  CHECK(mails[1]["connections"] == 1);
  CHECK(mails[1]["headers"]["list-unsubscribe"] == "<mailto:stop@joes.test?subject=unsubscribe>");
  CHECK_FALSE(mails[1]["headers"].contains("list-unsubscribe-post"));
}

TEST_CASE("SMTP: a reply before the message, or one after it, is definite") {
  const auto is = [](const SendOutcome& outcome, Kind kind, ErrorClass error_class) {
    CAPTURE(outcome.error_code);
    CAPTURE(outcome.error_text);
    CHECK(outcome.kind == kind);
    CHECK(outcome.error_class == error_class);
  };
  is(send_to({.recipient = "450 4.2.1 later"}), Kind::deferred, ErrorClass::temporary);
  is(send_to({.recipient = "550 5.1.1 nobody here"}), Kind::rejected, ErrorClass::number_invalid);
  is(send_to({.recipient = "550 no"}), Kind::rejected, ErrorClass::permanent);
  is(send_to({.sender = "451 4.3.0 later"}), Kind::deferred, ErrorClass::temporary);
  is(send_to({.data = "554 5.7.1 no"}), Kind::rejected, ErrorClass::permanent);
  is(send_to({.end = "451 4.3.0 later"}), Kind::deferred, ErrorClass::temporary);
  is(send_to({.end = "552 5.3.4 too large"}), Kind::rejected, ErrorClass::permanent);
  is(send_to({.login = "535 5.7.8 wrong"}, true), Kind::deferred, ErrorClass::account_stopped);
  CHECK(send_to({.recipient = "550 5.1.1 nobody here"}).error_code == "5.1.1");
  CHECK(send_to({.recipient = "550 5.1.1 nobody here"}).error_text == "550 5.1.1 nobody here");
  is(send_to({}), Kind::accepted, ErrorClass::none);
}

TEST_CASE("SMTP: what is lost after the message began is in doubt, and nobody waits for a silent server") {
  CHECK(send_to({.end = "close"}).kind == Kind::in_doubt);
  CHECK(send_to({.end = ""}).kind == Kind::in_doubt);
}

TEST_CASE("SMTP: what is lost before the message began was not sent") {
  CHECK(send(*make_transport(1), *make("smtp://127.0.0.1:1"), sample_email()).error_code == "not_sent");
  const MisbehavingServer silent([](Peer& peer, int) { peer.wait_for_end(); });
  CHECK(send(*make_transport(1), *make(silent.url("smtp")), sample_email()).error_code == "not_sent");
  const MisbehavingServer gone([](Peer& peer, int) {
    peer.write("220 here\r\n");
    peer.read_line();
  });
  CHECK(send(*make_transport(1), *make(gone.url("smtp")), sample_email()).error_code == "not_sent");
}

TEST_CASE("SMTP: without TLS that can be trusted nothing is said, and the channel stops") {
  const MisbehavingServer server([](Peer& peer, int) { serve_mail(peer, {}); });
  const SendOutcome outcome = send(*make_transport(1), *make(server.url("smtp"), SmtpTls::required), sample_email());
  CHECK(outcome.kind == Kind::deferred);
  CHECK(outcome.error_class == ErrorClass::account_stopped);
  CHECK(outcome.error_code == "tls");

  const TempFolder folder;
  test::output_of(
      {"sh", "-c",
       fmt::format("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout {} -out {} "
                   "2>/dev/null",
                   folder.file("key"), folder.file("cert"))});
  const std::string file = folder.file("mails.jsonl");
  test::Child real({kPython, kMailServer, "serve", file, folder.file("cert"), folder.file("key")});
  const auto provider = make("smtp://localhost:" + real.read_line(), SmtpTls::required);
  CHECK(send(*make_transport(1), *provider, sample_email()).error_code == "tls");
  CHECK(records(file).empty());
}

TEST_CASE("A mail that is under way when the transport ends is not delivered torn") {
  std::atomic<bool> ended{false};
  {
    const MisbehavingServer server([&](Peer& peer, int) {
      peer.write("220 here\r\n");
      while (const auto line = peer.read_line()) {
        if (*line == "DATA") {
          peer.write("354 go on\r\n");
          while (const auto body = peer.read_line()) {
            if (*body == ".") ended = true;
          }
          return;
        }
        peer.write("250 ok\r\n");
      }
    });
    const auto provider = make(server.url("smtp"));
    Outgoing email = sample_email();
    email.text.assign(std::size_t{32} << 20, 'x');  // more than the sockets buffer
    auto request = std::get<MailRequest>(provider->build_send(std::span(&email, 1)));
    auto transport = make_transport(1);
    transport->start(1, std::move(request));
    for (int i = 0; i < 40; ++i)
      transport->poll(std::chrono::milliseconds{1});
    CHECK(transport->in_flight() == 1);
    transport.reset();
  }
  CHECK_FALSE(ended);
}

TEST_CASE("Quoted-printable keeps every text, with short lines and safe ends") {
  CHECK(quoted_printable("a=b\r\nc\nd ") == "a=3Db\r\nc\r\nd=20");
  CHECK(quoted_printable("\t\n") == "=09\r\n");
  CHECK(quoted_printable("é") == "=C3=A9");
  CHECK(quoted_printable(std::string(80, 'a')) == std::string(75, 'a') + "=\r\n" + std::string(5, 'a'));
}

TEST_CASE("Mailboxes are read and written with any name") {
  CHECK(parse_mailbox("joe@x.test").address == "joe@x.test");
  CHECK(parse_mailbox(" \"A \\\"B\\\"\" <joe@x.test> ").name == "A \"B\"");
  CHECK(mailbox("A \"B\"", "joe@x.test") == "\"A \\\"B\\\"\" <joe@x.test>");
  CHECK(mailbox("", "joe@x.test") == "joe@x.test");
  CHECK(mailbox("Zoë", "z@x.test") == "=?UTF-8?B?Wm/Dqw==?= <z@x.test>");
  CHECK(encode_words("=?UTF-8?B?x?=") != "=?UTF-8?B?x?=");
}

}  // namespace avisloop
