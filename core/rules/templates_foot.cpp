#include "core/rules/templates_foot.h"

#include <algorithm>
#include <array>
#include <vector>

#include "core/base/text.h"
#include "core/rules/templates.h"

namespace avisloop {
namespace {

constexpr std::string_view kStopEmail = "Reply with \"unsubscribe\" to get no more of these emails.";

/// Lower-case words, everything but letters and digits taken for space.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : lower_ascii(text)) {
    const bool in_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    if (in_word) {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::string one_line(std::string_view text) {
  std::string result;
  for (const std::string_view line : split(text, '\n')) {
    if (trim(line).empty()) continue;
    if (!result.empty()) result += ", ";
    result += trim(line);
  }
  return result;
}

/// The lines of the foot that `body` does not have yet.
std::vector<std::string> foot_lines(std::string_view body, const Sender& sender) {
  std::vector<std::string> lines;
  const std::string address = one_line(sender.address);
  const bool has_address =
      address.empty() || contains_ignoring_case(body, address) || contains_ignoring_case(body, trim(sender.address));
  if (!sender.business.empty() && (!has_address || !contains_ignoring_case(body, sender.business)))
    lines.push_back(sender.business);
  if (!has_address) lines.push_back(address);
  if (!contains_ignoring_case(body, "unsubscribe")) lines.emplace_back(kStopEmail);
  return lines;
}

}  // namespace

bool tells_how_to_stop(std::string_view text) {
  constexpr std::array<std::string_view, 7> verbs{"reply", "text", "txt", "send", "respond", "answer", "write"};
  constexpr std::array<std::string_view, 5> between{"with", "back", "the", "word", "us"};
  constexpr std::array<std::string_view, 6> purposes{"opt", "end", "unsubscribe", "quit", "cancel", "stop"};
  if (!contains_ignoring_case(text, "stop")) return false;
  const auto words = words_of(text);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] != "stop") continue;
    // "STOP to end" and the like.
    if (i + 2 < words.size() && words[i + 1] == "to" && is_one_of(words[i + 2], purposes)) return true;
    // "reply with STOP"; but "text us, stop by" is an invitation, so nothing else may stand between.
    std::size_t verb = i;
    while (verb > 0 && is_one_of(words[verb - 1], between))
      --verb;
    if (verb == 0 || !is_one_of(words[verb - 1], verbs)) continue;
    const bool goes_on = i + 1 < words.size() && words[i + 1] == "by";
    if (!goes_on) return true;
  }
  return false;
}

void add_sms_marks(std::string& text, const Sender& sender) {
  if (!contains_ignoring_case(text, sender.business)) text.insert(0, sender.business + ": ");
  if (!tells_how_to_stop(text)) text += '\n' + std::string(kOptOutLine);
}

void add_email_foot(std::string& text, std::string& html, const Sender& sender) {
  const auto lines = foot_lines(text, sender);
  if (!lines.empty()) text += "\n\n" + join(lines, "\n") + '\n';
  if (html.empty()) return;
  std::string foot;
  for (const std::string& line : foot_lines(html, sender))
    foot += (foot.empty() ? "<p>" : "<br>\n") + escape_html(line);
  if (foot.empty()) return;
  foot += "</p>\n";
  const std::string lower = lower_ascii(html);
  const auto end = lower.rfind("</body");
  html.insert(end == std::string::npos ? html.size() : end, '\n' + foot);
}

std::string escape_html(std::string_view text) {
  std::string result;
  result.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      case '{':
        result += "&#123;";
        break;
      case '}':
        result += "&#125;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

}  // namespace avisloop
