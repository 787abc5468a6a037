#pragma once

#include <string>
#include <string_view>

namespace avisloop {

/// Whether the text tells how to stop: `reply STOP`, `text "stop" to end`, `STOP to opt out`.
bool tells_how_to_stop(std::string_view text);

/// What a message says about its sender, cleaned as every other value is (rules/templates_values.h).
struct Sender {
  std::string business;
  std::string address;
};

/// Puts the business's name before a text that does not have it, and the opt-out line behind one that tells no way out.
void add_sms_marks(std::string& text, const Sender& sender);

/// Adds what a marketing email must have (15 USC 7704(a)(5)) and does not: business, postal address, how to stop.
void add_email_foot(std::string& text, std::string& html, const Sender& sender);

/// Entities for & < > " ' and for braces.
std::string escape_html(std::string_view text);

}  // namespace avisloop
